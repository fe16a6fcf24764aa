// Shows one certificate whole. The stream that the page reads leaves out chain and DER, so
// these are asked for. All texts are whatever someone had certified, and only ever become text.
"use strict";

const LATE = 6000;	// ms after which the chain is not waited for any more
const MOST_NAMES = 500;	// shown of one certificate

function element(name, text, className) {
	const made = document.createElement(name);

	if (text !== undefined)
		made.textContent = plain(String(text));
	if (className)
		made.className = className;
	return made;
}

const dateText = seconds => Number.isFinite(seconds) ?
	new Date(seconds * 1000).toISOString().replace("T", " ").replace(/\.\d+Z$|Z$/, " UTC") : "";
const nameText = name => [name?.CN, name?.O, name?.C].filter(Boolean).join(", ");

// A list of terms; those without a value are left out.
function terms(rows) {
	const list = element("dl");

	for (const [term, value, className] of rows)
		if (value !== undefined && value !== null && value !== "")
			list.append(element("dt", term), element("dd", String(value), className));
	return list;
}

// An address in a certificate may be of any scheme: only those of the web become links.
function link(address, text) {
	const made = element("a", text);

	if (!/^https?:\/\//i.test(address ?? ""))
		return "";
	made.href = address;
	made.rel = "noopener noreferrer";
	made.target = "_blank";
	return made;
}

function copyButton(text, what) {
	const button = element("button", what);

	button.type = "button";
	button.addEventListener("click", () => copy(text(), button));
	return button;
}

const pem = der => `-----BEGIN CERTIFICATE-----\n${der.replace(/.{64}(?=.)/g, "$&\n")}\n-----END CERTIFICATE-----\n`;

function acts(data) {
	const at = element("p", undefined, "acts"), sha256 = (data.leaf_cert.sha256 ?? "").replaceAll(":", "");

	at.append(link(data.cert_link, "The entry in the log"),
	    /^[0-9A-F]{64}$/i.test(sha256) ? link(`https://crt.sh/?q=${sha256}`, "On crt.sh") : "",
	    copyButton(() => JSON.stringify(data, null, 2), "Copy JSON"));
	if (data.leaf_cert.as_der)
		at.append(copyButton(() => pem(data.leaf_cert.as_der), "Copy PEM"));
	return at;
}

function validity(cert) {
	const days = Math.round((cert.not_after - cert.not_before) / 86400);

	return `${dateText(cert.not_before)} to\n${dateText(cert.not_after)}` +
	    (Number.isFinite(days) ? ` (${days} days)` : "");
}

function names(cert) {
	const list = element("ul", undefined, "names"), every = cert.all_domains ?? [];
	const first = new Set(every.filter(fits));	// those that the filter asks for
	const all = [...every.filter(name => first.has(name)), ...every.filter(name => !first.has(name))];

	for (const name of all.slice(0, MOST_NAMES)) {
		const item = element("li");

		item.append(...nameNodes(name));
		list.append(item);
	}
	if (all.length > MOST_NAMES)
		list.append(element("li", `and ${all.length - MOST_NAMES} more`));
	return list;
}

function chain(list) {
	const made = element("ol");

	for (const cert of list) {
		const item = element("li", nameText(cert.subject) || "(no name)");

		item.append(element("br"), element("span",
		    `issued by ${nameText(cert.issuer) || "(no name)"}, until ${dateText(cert.not_after)}`, "small"),
		    element("br"), element("code", cert.sha256 ?? cert.fingerprint, "small"));
		made.append(item);
	}
	return made;
}

function asJson(data) {
	const made = element("details");

	made.append(element("summary", "As JSON"));
	made.addEventListener("toggle", () => {
		if (made.open && made.children.length === 1)
			made.append(element("pre", JSON.stringify(data, null, 2)));
	});
	return made;
}

// Draws everything that data holds; about says why there is no chain, when there is none.
function drawDetail(data, about) {
	const cert = data.leaf_cert, body = document.getElementById("body");
	const extensions = Object.entries(cert.extensions ?? {}).map(([key, value]) =>
		[key, typeof value === "string" ? value : JSON.stringify(value)]);

	body.replaceChildren(acts(data),
	    terms([["Issuer", nameText(cert.issuer)], ["Subject", cert.subject?.aggregated],
	    ["Valid", validity(cert)], ["Serial number", cert.serial_number, "code"],
	    ["Signature", cert.signature_algorithm]]),
	    element("h3", `Names (${(cert.all_domains ?? []).length})`), names(cert),
	    element("h3", "Fingerprints"),
	    terms([["SHA-256", cert.sha256, "code"], ["SHA-1", cert.sha1 ?? cert.fingerprint, "code"]]),
	    element("h3", "Where it was logged"),
	    terms([["Log", data.source?.name], ["Address", data.source?.url, "code"],
	    ["Index", data.cert_index], ["Logged", dateText(data.source?.timestamp)],
	    ["Seen", dateText(data.seen)]]),
	    element("h3", "Chain"), data.chain ? chain(data.chain) : element("p", about, "small"),
	    element("h3", "Extensions"), terms(extensions), asJson(data));
}

// Resolves to the event whole, or to null. With a place in the stream, it is the one behind the
// place before; without one it may be among the newest.
function whole(row) {
	const same = data => data.cert_index === row.data.cert_index && data.source?.url === row.data.source?.url;
	const [epoch, seq] = (row.seq ?? "").split("-");

	if (!seq)
		return fetch(address("full-stream/latest.json"))
			.then(answer => answer.json())
			.then(all => all.messages.map(message => message.data).find(same) ?? null)
			.catch(() => null);
	return new Promise(resolve => {
		const since = `${epoch}-${BigInt(seq) - 1n}`;
		const socket = new WebSocket(wsAddress("/full-stream", `seq=1&skipped=0&since=${since}`));
		const end = data => {
			resolve(data);
			socket.close();
		};

		socket.onmessage = event => {
			const message = JSON.parse(event.data);

			if (message.message_type === "certificate_update")
				end(same(message.data) ? message.data : null);
		};
		socket.onclose = () => resolve(null);
		setTimeout(end, LATE, null);
	});
}

let opened = null;	// the row that is shown

async function openDetail(row) {
	const dialog = document.getElementById("detail"), cert = row.data.leaf_cert;
	const title = document.getElementById("title"), early = row.data.update_type === "PrecertLogEntry";

	opened = row;
	title.textContent = plain(cert.all_domains?.[0] ?? (cert.subject?.CN || "(no name)"));
	document.getElementById("tags").replaceChildren(
	    element("span", early ? "precertificate" : "certificate", early ? "tag" : "tag final"),
	    cert.is_ca ? element("span", "CA", "tag") : "");
	drawDetail(row.data, "Asking for it.");
	if (!dialog.open)
		dialog.showModal();
	title.focus();
	dialog.scrollTop = 0;
	const data = row.data.chain ? row.data : await whole(row);

	if (opened === row && dialog.open)
		drawDetail(data ?? row.data, "This server does not keep it any more; the log does.");
}

document.getElementById("close").addEventListener("click", () => document.getElementById("detail").close());
document.getElementById("detail").addEventListener("click", event => {
	// What is hit beside the content is the dialog itself.
	const box = event.currentTarget.getBoundingClientRect();

	if (event.target === event.currentTarget && event.clientX < box.left)
		event.currentTarget.close();
});
