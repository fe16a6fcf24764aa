// Shows the lite stream. Names and issuers are whatever someone had certified,
// so they only ever become text.
"use strict";

const ROWS = 200;	// in the table
const RECENT = 2000;	// that a new filter looks through
const REDRAW = 250;	// ms: a table that changes more often cannot be read
const LOOK = 3000;	// ms between two looks at whether the server still gets events

const byId = id => document.getElementById(id);
const base = location.host + location.pathname.replace(/\/+$/, "");
const secure = location.protocol === "https:" ? "s" : "";
const ws = path => `ws${secure}://${base}${path}`;

let waiting = [];	// events not drawn yet, newest last
let recent = [];	// events that came, newest last
let seen = 0, skipped = 0, paused = false, retry = 1000;
let socket = null;	// the WebSocket while it is open
const arrivals = [];	// times of the last five seconds' events
const began = Date.now();

function connect() {
	const opened = new WebSocket(ws("/"));

	opened.onopen = () => {
		retry = 1000;
		socket = opened;
		look();
	};
	opened.onmessage = event => take(event.data);
	opened.onclose = () => {
		socket = null;
		state("away", `lost; again in ${Math.round(retry / 1000)} s`);
		setTimeout(connect, retry);
		retry = Math.min(retry * 2, 30000);
	};
}

// An open WebSocket is no proof of life: it is also open while the server has
// no hub to get events from. A server that does not say counts as well supplied.
async function look() {
	const looking = socket;
	const health = await fetch("health/deep", { cache: "no-store" })
		.then(answer => answer.json()).catch(() => ({}));

	if (looking === null || looking !== socket)
		return;
	if (health.hub === "away")
		state("away", "no hub", health.why);
	else if (health.hub === "silent")
		state("away", "hub is silent", health.why);
	else
		state("live", "live");
}

function state(name, text, why = "") {
	const at = byId("state");

	at.title = why;
	if (at.textContent === text)
		return;
	at.className = name;
	at.textContent = text;
}

function take(text) {
	const message = JSON.parse(text);

	if (message.message_type === "skipped")
		skipped += message.count;
	if (message.message_type !== "certificate_update")
		return;
	seen++;
	arrivals.push(Date.now());
	keep(message.data);
}

function keep(data) {
	recent.push(data);
	if (recent.length > 2 * RECENT)
		recent = recent.slice(-RECENT);
	if (paused || !matches(data))
		return;
	waiting.push(data);
	if (waiting.length > 2 * ROWS)
		waiting = waiting.slice(-ROWS);
}

const wanted = () => byId("filter").value.trim().toLowerCase();
const fits = name => name.toLowerCase().includes(wanted());

function matches(data) {
	return wanted() === "" || (data.leaf_cert.all_domains ?? []).some(fits);
}

function cell(row, text, className) {
	const td = row.insertCell();

	td.textContent = text;
	td.title = text;
	if (className)
		td.className = className;
	return td;
}

// Shows why the filter let the certificate through: the part of the name that fits.
function mark(td, name) {
	const at = name.toLowerCase().indexOf(wanted());

	if (wanted() === "" || at < 0)
		return;
	const part = document.createElement("mark");
	const end = at + wanted().length;

	part.textContent = name.slice(at, end);
	td.replaceChildren(name.slice(0, at), part, name.slice(end));
}

// Of several names the one that fits the filter stands first.
function draw(data) {
	const row = byId("rows").insertRow(0);
	const cert = data.leaf_cert;
	const all = cert.all_domains ?? [];
	const names = all.filter(fits).concat(all.filter(name => !fits(name)));
	const first = cell(row, names[0] ?? (cert.subject?.CN || "(no name)"));

	mark(first, names[0] ?? "");

	if (names.length > 1) {
		const more = document.createElement("span");

		more.className = "more";
		more.textContent = ` and ${names.length - 1} more`;
		first.append(more);
		first.title = names.slice(0, 50).join("\n");
	}
	cell(row, [cert.issuer?.O, cert.issuer?.CN].filter(Boolean).join(", "));
	cell(row, data.source?.name ?? "");
	cell(row, "", "age");
	row.dataset.seen = data.seen;
}

function age(seconds) {
	if (seconds < 1)
		return "now";
	if (seconds < 60)
		return `${Math.floor(seconds)} s`;
	if (seconds < 3600)
		return `${Math.floor(seconds / 60)} min`;
	return `${Math.floor(seconds / 3600)} h`;
}

function redraw() {
	const rows = byId("rows"), now = Date.now();

	waiting.splice(0).forEach(draw);
	while (rows.rows.length > ROWS)
		rows.deleteRow(-1);
	for (const row of rows.rows)
		row.lastChild.textContent = age(now / 1000 - row.dataset.seen);
	while (arrivals.length > 0 && arrivals[0] < now - 5000)
		arrivals.shift();
	byId("empty").hidden = rows.rows.length > 0;
	byId("rate").textContent = (arrivals.length / Math.max(1, Math.min(5, (now - began) / 1000)))
	    .toLocaleString(undefined, { maximumFractionDigits: 1 });
	byId("seen").textContent = seen.toLocaleString();
	byId("skipped").textContent = skipped.toLocaleString();
	byId("skipped").className = skipped > 0 ? "some" : "";
}

byId("controls").addEventListener("submit", event => event.preventDefault());
// The filter is a part of the address, so that it can be kept and passed on.
function filterOfAddress() {
	byId("filter").value = new URLSearchParams(location.hash.slice(1)).get("names") ?? "";
}
function refilter() {
	byId("rows").replaceChildren();
	waiting = recent.filter(matches).slice(-ROWS);
	redraw();
	byId("empty").textContent = "Waiting for a certificate that fits.";
}
filterOfAddress();
byId("filter").addEventListener("input", () => {
	const address = new URLSearchParams({ names: byId("filter").value });

	history.replaceState(null, "", wanted() === "" ? "#" : `#${address}`);
	refilter();
});
// replaceState is no change of the address to a browser, so this does not follow the above.
addEventListener("hashchange", () => {
	filterOfAddress();
	refilter();
});
byId("pause").addEventListener("click", event => {
	paused = !paused;
	event.target.setAttribute("aria-pressed", String(paused));
	event.target.textContent = paused ? "Go on" : "Pause";
});
for (const code of document.querySelectorAll("[data-ws]"))
	code.textContent = ws(code.dataset.ws);
for (const id of ["shell", "python"])
	byId(id).textContent = byId(id).textContent
	    .replaceAll("ws://localhost:8080", ws(""))
	    .replaceAll("http://localhost:8080", `${location.protocol}//${base}`);
// A page opened on a quiet day should not be empty.
fetch("latest.json")
	.then(answer => answer.json())
	.then(latest => latest.messages.reverse().forEach(message => keep(message.data)))
	.catch(() => {})
	.finally(connect);
setInterval(redraw, REDRAW);
setInterval(look, LOOK);
