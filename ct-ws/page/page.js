// Shows the lite stream. Names and issuers are whatever someone had certified,
// so they only ever become text.
"use strict";

const ROWS = 80;	// in the table
const BATCH = 20;	// rows that one redraw adds at most: more can be neither read nor drawn cheaply
const MANY = 3;		// new rows in one redraw, from which on they are not shown to be new
const REDRAW = 200;	// ms: a table that changes more often cannot be read
const LOOK = 3000;	// ms between two looks at whether the server still gets events
const STATS = 2000;	// ms between two looks at its figures
const TOUCH = 900;	// ms that rows hold still after a touch
const TYPING = 350;	// ms after the last key before the filter is sent
const GONE = 60000;	// ms after which what was missed while away is not asked for any more
const KINDS = ["domain", "match", "regex", "issuer", "log", "precert"];

const byId = id => document.getElementById(id);
const base = location.host + location.pathname.replace(/\/+$/, "");
const secure = location.protocol === "https:" ? "s" : "";
const TITLE = document.title;
const token = new URLSearchParams(location.search).get("token");

let waiting = [];	// texts of events not drawn yet, newest last
let rows = new WeakMap();	// what each row of the table shows
let seen = 0, skipped = 0, paused = false, held = false, over = false, passed = 0, retry = 1000;
let turn = 0, came = 0, drawn = 0;	// events since the last second, and those that became rows
let socket = null, place = "", lost = 0, again = 0, typing = 0;
let unseen = 0;		// events that fit the filter while the page was hidden
let muted = false;	// what comes is not what the filter asks for
let wants = [];		// [kind, value] pairs of the filter in force
let taken = "";		// the query of the filter that the server has taken last
let orders = 0;		// filters asked for, and not answered yet

// ---- addresses ----

// A page that was opened with a token hands it on.
function address(path, query = "") {
	const all = [query, token === null ? "" : `token=${encodeURIComponent(token)}`].filter(Boolean).join("&");

	return all === "" ? path : `${path}?${all}`;
}

const wsAddress = (path, query) => `ws${secure}://${base}${address(path, query)}`;

// A comma would end a value.
const queryOf = pairs => pairs.map(([kind, value]) =>
	`${kind}=${encodeURIComponent(value.replaceAll(",", "\\,"))}`).join("&");

// What is sent to have a filter in force, as a message.
function orderOf(pairs) {
	const order = {};

	for (const [kind, value] of pairs)
		if (kind === "precert")
			order[kind] = { 0: false, 1: true }[value] ?? value;
		else
			(order[kind] ??= []).push(value);
	return order;
}

// ---- the filter ----

// Reads what stands in the box: words are parts of names, and kind:value is what it says.
function parseBox(text) {
	const pairs = [];

	for (const [, kind, quoted, plain] of text.matchAll(/(?:(\w+):)?(?:"([^"]*)"?|(\S+))/g)) {
		const value = quoted ?? plain;

		if (kind && !KINDS.includes(kind))
			pairs.push(["match", `${kind}:${value}`]);
		else if (value !== "")
			pairs.push([kind ?? "match", value]);
	}
	return pairs;
}

const boxOf = pairs => pairs.map(([kind, value]) =>
	(kind === "match" ? "" : `${kind}:`) + (/\s/.test(value) ? `"${value}"` : value)).join(" ");

// The address has the keys that the streams have; names= is what the page once called match=.
function pairsOfAddress() {
	return [...new URLSearchParams(location.hash.slice(1))]
		.map(([key, value]) => [key === "names" ? "match" : key, value])
		.filter(([key, value]) => KINDS.includes(key) && value !== "");
}

function wrong(text) {
	byId("wrong").textContent = text;
	byId("wrong").hidden = text === "";
	byId("filter").setAttribute("aria-invalid", String(text !== ""));
}

// Puts the filter in force: the table begins anew with what the server still has of it.
function refilter(pairs) {
	wants = pairs;
	wrong("");
	waiting = [];
	place = "";
	passed = 0;
	byId("rows").replaceChildren();
	byId("empty").textContent = wants.length > 0 ? "Waiting for a certificate that fits." :
		"Waiting for the first certificate.";
	snippets();
	if (socket?.readyState !== WebSocket.OPEN) {
		connect();
		return;
	}
	order();
}

// Asks for the filter. What was in force stays so until the server takes it.
function order() {
	muted = true;
	orders++;
	socket.send(JSON.stringify({ subscribe: orderOf(wants) }));
}

function refuse(why) {
	wrong(why);
	byId("empty").textContent = "This filter cannot be used.";
	state("away", "no filter", why);
}

function filterBy(kind, value) {
	byId("filter").value = boxOf([[kind, value]]);
	takeBox();
}

function takeBox() {
	const pairs = parseBox(byId("filter").value);

	clearTimeout(typing);
	if (queryOf(pairs) === queryOf(wants))
		return;
	history.replaceState(null, "", pairs.length > 0 ? `#${new URLSearchParams(pairs)}` : "#");
	refilter(pairs);
}

// ---- the stream ----

// Whoever comes with a filter gets what the server still has of it; who comes back, what was
// missed; and else the newest are enough. A filter is first asked for by a message, because for one
// that is wrong in the address of a WebSocket browsers put an error on the console.
function connect() {
	const query = ["seq=1", queryOf(wants)];

	clearTimeout(again);
	disconnect();
	if (wants.length > 0 && taken !== queryOf(wants)) {
		open([], true);
		return;
	}
	if (place !== "" && Date.now() - lost < GONE)
		query.push(`since=${place}`);
	else if (wants.length > 0)
		query.push("since=1-1");
	else if (byId("rows").rows.length === 0) {
		newest().finally(() => open(query));
		return;
	}
	open(query);
}

function disconnect() {
	if (socket === null)
		return;
	socket.onopen = socket.onmessage = socket.onclose = null;
	socket.close();
	socket = null;
}

function newest() {
	return fetch(address("latest.json"))
		.then(answer => answer.json())
		.then(latest => latest.messages.reverse().forEach(message => keep(message)))
		.catch(() => {});
}

function open(query, asks = false) {
	const mine = new WebSocket(wsAddress("/", query.filter(Boolean).join("&")));
	let was = false;

	disconnect();
	socket = mine;
	muted = asks;
	orders = 0;
	mine.onopen = () => {
		was = true;
		retry = 1000;
		if (asks)
			order();
		else
			look();
	};
	mine.onmessage = event => take(event.data);
	mine.onclose = () => {
		socket = null;
		lost = Date.now();
		if (!was)
			taken = "";	// it may be that
		lose();
	};
}

function lose() {
	state("away", `lost; again in ${Math.round(retry / 1000)} s`);
	again = setTimeout(connect, retry);
	retry = Math.min(retry * 2, 30000);
}

// Takes the answer to the filter that was asked for last. Of those before it none matters any more.
function answered(message) {
	if (--orders > 0)
		return;
	if (message.message_type === "error") {
		refuse(message.error);
		return;
	}
	taken = queryOf(wants);
	connect();	// which also brings what the server still has of it
}

// Events are only parsed when they are drawn. Everything else says first what it is.
function take(text) {
	if (!text.startsWith('{"message_type"')) {
		if (muted)
			return;
		place = /^\{"seq":"(\d+-\d+)"/.exec(text)?.[1] ?? place;
		keep(text);
		return;
	}
	const message = JSON.parse(text);

	if (message.message_type === "skipped")
		skipped += message.count;
	else if (message.message_type === "subscribed" || message.message_type === "error")
		answered(message);
	else if (message.message_type === "certificate_update" && !muted)
		keep(message);
}

function keep(event) {
	seen++;
	came++;
	if (document.hidden && wants.length > 0)
		document.title = `(${(++unseen).toLocaleString()}) ${TITLE}`;
	if (paused || held)
		passed++;
	waiting.push(event);
	if (waiting.length > 4 * ROWS)
		waiting = waiting.slice(-ROWS);
}

// An open WebSocket is no proof of life: it is also open while the server has
// no hub to get events from. A server that does not say counts as well supplied.
async function look() {
	const looking = socket;
	const health = await fetch(address("health/deep"), { cache: "no-store" })
		.then(answer => answer.json()).catch(() => ({}));

	if (looking === null || looking !== socket || looking.readyState !== WebSocket.OPEN || muted)
		return;
	if (health.hub === "away")
		state("away", "no hub", health.why);
	else if (health.hub === "silent")
		state("away", "hub is silent", health.why);
	else if (health.status === "stale")
		state("away", "nothing comes", health.why);
	else
		state("live", "live");
}

async function askStats() {
	if (document.hidden)
		return;
	const stats = await fetch(address("stats"), { cache: "no-store" })
		.then(answer => answer.json()).catch(() => null);

	if (stats !== null)
		takeStats(stats, performance.now());
}

function state(name, text, why = "") {
	const at = byId("state");

	at.title = why;
	if (at.textContent === text)
		return;
	at.className = name;
	at.textContent = text;
}

// ---- the table ----

function cell(row, text, className) {
	const td = row.insertCell();

	td.textContent = plain(text);
	if (text !== "")
		td.title = plain(text);
	if (className)
		td.className = className;
	return td;
}

// Of several names the one that fits the filter stands first.
function drawNames(row, cert) {
	const all = cert.all_domains ?? [], hit = all.findIndex(fits);
	const names = hit > 0 ? [all[hit], ...all.slice(0, hit), ...all.slice(hit + 1)] : all;
	const first = cell(row, names[0] ?? (cert.subject?.CN || "(no name)"));

	if (names.length > 0)
		first.replaceChildren(...nameNodes(names[0]));
	if (names.length > 1) {
		const more = document.createElement("span");

		more.className = "more";
		more.textContent = ` and ${names.length - 1} more`;
		first.append(more);
		first.title = names.slice(0, 50).map(plain).join("\n");
	}
}

function draw(event) {
	const message = typeof event === "string" ? JSON.parse(event) : event;
	const data = message.data, cert = data.leaf_cert, row = byId("rows").insertRow(0);
	const early = data.update_type === "PrecertLogEntry";

	drawNames(row, cert);
	const kind = cell(row, "", "kind");

	if (early) {
		const tag = document.createElement("span");

		tag.className = "tag";
		tag.textContent = "pre";
		tag.title = "A precertificate: it is logged before the certificate is issued";
		kind.append(tag);
	}
	cell(row, [cert.issuer?.O, cert.issuer?.CN].filter(Boolean).join(", "));
	cell(row, data.source?.name ?? "").textContent = shortLog(data.source?.name ?? "");
	cell(row, "", "age");
	row.tabIndex = -1;
	rows.set(row, { data, seq: message.seq });
}

function ageText(seconds) {
	if (seconds < 1)
		return "now";
	if (seconds < 60)
		return `${Math.floor(seconds)} s`;
	if (seconds < 3600)
		return `${Math.floor(seconds / 60)} min`;
	if (seconds < 172800)
		return `${Math.floor(seconds / 3600)} h`;
	return `${Math.floor(seconds / 86400)} d`;
}

// What comes one by one is shown to be new; where much comes, everything would be.
function fresh(n) {
	for (const row of [...byId("rows").rows].slice(0, n > MANY ? 0 : n))
		row.className = "fresh";
}

// A table that stood still, or is empty, is filled whole. What moves gets few rows at a time, and
// more seldom when each time brings as many as fit.
function redraw() {
	const body = byId("rows");

	held = over || byId("feed").scrollTop > 8 || body.contains(document.activeElement) ||
	    byId("detail").open;
	turn = (turn + 1) % 3;
	if (waiting.length > 0 && !paused && !held && (turn === 0 || waiting.length < BATCH || passed > 0)) {
		const most = body.rows.length < ROWS || passed > 0 ? ROWS : BATCH;
		const some = waiting.slice(-most);

		waiting = [];
		passed = 0;
		drawn += some.length;
		some.forEach(draw);
		fresh(some.length);
		while (body.rows.length > ROWS)
			body.deleteRow(-1);
		tick();
	}
	byId("empty").hidden = body.rows.length > 0;
	byId("seen").textContent = seen.toLocaleString();
	byId("skipped").textContent = skipped.toLocaleString();
	byId("skipped").className = skipped > 0 ? "some" : "";
	note();
}

function note() {
	byId("passed").textContent = paused ? `Paused. ${passed.toLocaleString()} passed meanwhile.` :
		held && passed > 0 ? `Held while you read. ${passed.toLocaleString()} passed.` : "";
}

function tick() {
	const now = Date.now() / 1000;

	for (const row of byId("rows").rows) {
		const text = ageText(now - rows.get(row).data.seen);

		if (row.lastChild.textContent !== text)
			row.lastChild.textContent = text;
	}
}

// Tells what share of the events becomes rows, when it is not all of them.
function share() {
	const part = came > drawn + BATCH && !paused && !held ? Math.max(2, Math.round(came / Math.max(1, drawn))) : 0;

	byId("share").textContent = part > 0 ? `One in ${part} fits on the screen; a filter shows all it lets through.` : "";
	came = drawn = 0;
}

// ---- people ----

const say = text => byId("said").textContent = text;

function pause() {
	paused = !paused;
	byId("pause").setAttribute("aria-pressed", String(paused));
	byId("pause").textContent = paused ? "Go on" : "Pause";
	say(paused ? "Paused" : `${passed.toLocaleString()} passed meanwhile`);
	redraw();
}

function copy(text, button) {
	const label = button.firstChild, was = label.textContent;
	const done = good => {
		label.textContent = good ? "Copied" : "Select it";
		say(good ? "Copied" : "The browser does not let the page copy");
		setTimeout(() => label.textContent = was, 1500);
	};

	// Browsers offer this only to pages that came by HTTPS or from the machine itself.
	if (navigator.clipboard)
		navigator.clipboard.writeText(text).then(() => done(true), () => done(false));
	else
		done(copyOld(text));
}

function copyOld(text) {
	const area = document.createElement("textarea");

	area.value = text;
	(document.querySelector("dialog[open]") ?? document.body).append(area);
	area.select();
	const good = document.execCommand("copy");

	area.remove();
	return good;
}

function snippets() {
	const query = queryOf(wants), ask = query === "" ? "" : `?${query}`, and = query === "" ? "" : `&${query}`;
	const web = `${location.protocol}//${base}`, ws = `ws${secure}://${base}`;
	// In a shell a quote in the address would end it.
	const shell = text => text.replaceAll("'", "%27");

	byId("shell").textContent = `curl -sN '${web}/stream.ndjson?stream=domains${shell(and)}' |\n    jq -r '.data[]?'\n` +
		`websocat '${ws}/domains-only${shell(ask)}'\ncertstream --url '${ws}/${shell(ask)}'`;
	byId("python").textContent = "import certstream  # pip install certstream\n\n" +
		`certstream.listen_for_events(\n    lambda message, context: print(message),\n    url="${ws}/${ask}")`;
	byId("script").textContent = `const feed = new EventSource(\n    "${web}/sse?stream=lite${and}");\n\n` +
		"feed.onmessage = event =>\n    console.log(JSON.parse(event.data));";
}

// Keys and taps on a row. Rows do not move while one has the focus or the pointer.
function choose(event) {
	const row = event.target.closest("#rows tr");

	if (row === null || String(getSelection()) !== "")
		return;
	row.blur();	// or it would have the focus again when the certificate is closed
	openDetail(rows.get(row));
}

function keys(event) {
	const list = byId("rows").rows, at = [...list].indexOf(document.activeElement);
	const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: list.length - 1 }[event.key];

	if (event.key === "Enter" && at >= 0)
		openDetail(rows.get(list[at]));
	else if (to === undefined || list[Math.max(0, to)] === undefined)
		return;
	else
		list[Math.max(0, to)].focus();
	event.preventDefault();
}

// A finger is over the rows from its touch until shortly after it, so that it hits what it aims at.
function point(event) {
	const mouse = event.pointerType === "mouse";

	over = event.type === "pointerdown" || (mouse ? event.type !== "pointerleave" : over);
	if (!mouse && event.type === "pointerdown")
		setTimeout(() => (over = false, redraw()), TOUCH);
	redraw();
}

for (const kind of ["pointerdown", "pointerenter"])
	byId("rows").addEventListener(kind, point);
byId("feed").addEventListener("scroll", redraw, { passive: true });
byId("rows").addEventListener("pointerleave", event => event.pointerType === "mouse" && point(event));
for (const kind of ["focusin", "focusout"])
	byId("feed").addEventListener(kind, () => setTimeout(redraw));
byId("detail").addEventListener("close", () => setTimeout(redraw));
byId("rows").addEventListener("click", choose);
byId("feed").addEventListener("keydown", keys);
byId("pause").addEventListener("click", pause);
byId("controls").addEventListener("submit", event => {
	event.preventDefault();
	takeBox();
});
byId("filter").addEventListener("input", () => {
	clearTimeout(typing);
	typing = setTimeout(takeBox, TYPING);
});
for (const button of document.querySelectorAll(".copy"))
	button.addEventListener("click", () => copy(byId(button.dataset.from).textContent, button));
for (const code of document.querySelectorAll("[data-ws]"))
	code.textContent = `ws${secure}://${base}${code.dataset.ws}`;
for (const code of document.querySelectorAll("[data-http]"))
	code.textContent = `${location.protocol}//${base}${code.dataset.http}`;

// The filter is a part of the address, so that it can be kept and passed on. replaceState is no
// change of the address to a browser, so this does not follow the page's own changes.
function followAddress() {
	const pairs = pairsOfAddress();

	byId("filter").value = boxOf(pairs);
	refilter(pairs);
}
addEventListener("hashchange", followAddress);
document.querySelector(".skip").addEventListener("click", event => {
	event.preventDefault();
	byId("feed").focus();
});
document.addEventListener("visibilitychange", () => {
	unseen = 0;
	document.title = TITLE;
	askStats();
});
followAddress();
askStats();
setInterval(() => requestAnimationFrame(redraw), REDRAW);
setInterval(() => (tick(), share()), 1000);
setInterval(look, LOOK);
setInterval(askStats, STATS);
