// Shows names of certificates: which part of one the filter asks for, and what the Punycode in it says.
// Both only ever become text.
"use strict";

// A text in which what cannot be seen can be: a character that turns the others around would show another
// name than there is. Lines may end.
const plain = text => String(text).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, c => c === "\n" ? c :
	`\\u{${c.codePointAt(0).toString(16)}}`);

// RFC 3492 section 6.1: how far the next character is likely to be from this one.
function punyBias(delta, length, first) {
	let bias = 0, left = Math.floor(delta / (first ? 700 : 2));

	for (left += Math.floor(left / length); left > 455; bias += 36)
		left = Math.floor(left / 35);
	return bias + Math.floor(36 * left / (left + 38));
}

// Section 5: a digit is a letter from 0 on, or a figure from 26 on; NaN where it is neither.
function punyDigit(c) {
	const n = parseInt(c ?? "", 36);

	return n < 10 ? n + 26 : n - 10;
}

// Section 6.2: the characters that text, what is behind "xn--", stands for; null where it is no Punycode.
function unpuny(text) {
	const out = [...text.slice(0, Math.max(0, text.lastIndexOf("-")))];
	let n = 128, i = 0, bias = 72;

	for (let at = text.lastIndexOf("-") + 1; at < text.length;) {
		const before = i;

		for (let weight = 1, k = 36, digit = 36, least = 0; digit >= least; k += 36) {
			digit = punyDigit(text[at++]);
			least = Math.min(26, Math.max(1, k - bias));
			i += digit * weight;
			weight *= 36 - least;
			if (!(i < 0x7fffffff))
				return null;
		}
		bias = punyBias(i - before, out.length + 1, before === 0);
		n += Math.floor(i / (out.length + 1));
		i %= out.length + 1;
		if (n > 0x10ffff)
			return null;
		out.splice(i++, 0, String.fromCodePoint(n));
	}
	return out.join("");
}

// A name as people would write it. What nobody could see, and what needs no Punycode, stays as it is.
function readable(name) {
	if (!/xn--/i.test(name))
		return name;
	return name.split(".").map(label => {
		const text = /^xn--/i.test(label) ? unpuny(label.slice(4).toLowerCase()) : null;

		return text !== null && /[^ -~]/.test(text) && /^[\p{L}\p{M}\p{N}\p{P}\p{S}]+$/u.test(text) ?
			text : label;
	}).join(".");
}

// Returns where in the name a pair of the filter fits, as [from, to], or null.
function placeOf(name, [kind, value]) {
	const low = name.toLowerCase(), want = value.toLowerCase().replace(/^\*\./, "");

	if (kind === "match" && low.includes(want))
		return [low.indexOf(want), low.indexOf(want) + want.length];
	if (kind === "domain" && (low === want || low.endsWith(`.${want}`)))
		return [low.length - want.length, low.length];
	try {
		const hit = kind === "regex" ? new RegExp(value, "i").exec(name) : null;

		return hit && hit[0] !== "" ? [hit.index, hit.index + hit[0].length] : null;
	} catch {
		return null;	// the server's language of patterns is not quite that of browsers
	}
}

function placeIn(name) {
	for (const pair of wants) {
		const at = placeOf(name, pair);

		if (at !== null)
			return at;
	}
	return null;
}

const fits = name => placeIn(name) !== null || (/xn--/i.test(name) && placeIn(readable(name)) !== null);

// The text, with the part in a mark that shows why the filter let the certificate through.
function marked(text, at) {
	if (at === null)
		return [text];
	const part = document.createElement("mark");

	part.textContent = text.slice(...at);
	return [text.slice(0, at[0]), part, text.slice(at[1])];
}

// What to show of a name: as the certificate has it, and behind that what its Punycode says.
function nameNodes(raw) {
	const name = plain(raw);
	const said = readable(name), at = placeIn(name), bdi = document.createElement("bdi");

	if (said === name)
		return marked(name, at);
	bdi.className = "said";
	bdi.append(...marked(said, at === null ? placeIn(said) : null));
	return [...marked(name, at), " ", bdi];
}
