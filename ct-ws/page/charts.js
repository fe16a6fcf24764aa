// Draws what /stats tells: certificates a second, what each log owes, and the rings of growth.
// Names of logs come from the stream, so they only ever become text.
"use strict";

const POINTS = 90;	// of each chart, one each time that /stats is asked
const FIRST = 15;	// points for which there is room from the start
const RINGS = 32;	// of the disc; at first it has room for FIRST
const FEW = 12;		// logs shown before one asks for all

const charts = { last: null, rates: [], rings: [], logs: new Map(), all: false };

// How far points stand apart. A chart that has few does not leave most of the width empty.
const stepOf = (values, width) => width / (Math.max(FIRST, values.length) - 1);

// The path of values as a line over a box; the newest stands at its right.
function linePath(values, most, width, height) {
	const step = stepOf(values, width), left = width - step * (values.length - 1);

	return values.map((value, i) => `${i === 0 ? "M" : "L"}${(left + i * step).toFixed(1)} ` +
	    (height - 2 - value / most * (height - 6)).toFixed(1)).join("");
}

const shorten = values => values.splice(0, values.length - POINTS);
const figure = (n, digits = 0) => n.toLocaleString(undefined, { maximumFractionDigits: digits });

function drawRate() {
	const values = charts.rates, svg = document.getElementById("chart");
	const top = Math.max(...values), most = Math.max(1, top), line = linePath(values, most, 360, 110);
	const left = (360 - stepOf(values, 360) * (values.length - 1)).toFixed(1);
	const now = values[values.length - 1], minutes = (values.length - 1) * STATS / 60000;

	svg.querySelector(".line").setAttribute("d", line);
	svg.querySelector(".area").setAttribute("d", `${line}L360 110L${left} 110Z`);
	svg.setAttribute("aria-label", `Now ${figure(now, 1)}, at most ${figure(top, 1)}`);
	document.getElementById("span").textContent = `last ${figure(minutes, 1)} min`;
	document.getElementById("most").textContent = `most ${figure(top, 1)}`;
	document.getElementById("rate").textContent = figure(now, now < 10 ? 1 : 0);
}

// The list of logs calls them as in: Google 'Argon2026h2' log. What tells them apart is quoted.
const shortLog = name => plain(/(?:^|\s)'([^']+)'/.exec(name)?.[1] ?? name);

function makeLog() {
	const item = document.createElement("li"), name = document.createElement("button");
	const spark = document.createElementNS("http://www.w3.org/2000/svg", "svg");
	const owed = document.createElement("span");

	name.type = "button";
	spark.setAttribute("viewBox", "0 0 80 24");
	spark.setAttribute("preserveAspectRatio", "none");
	spark.setAttribute("aria-hidden", "true");
	spark.classList.add("spark");
	spark.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
	owed.className = "owed";
	item.append(name, spark, owed);
	return { item, name, path: spark.firstChild, owed, values: [] };
}

function lagText(log) {
	if (log.state === "failed")
		return "failed";
	if (log.lag === null)
		return log.state || "not known";
	if (log.lag === 0)
		return "nothing";
	return figure(log.lag) + (log.behind >= 1 ? `, ${ageText(log.behind)}` : "");
}

// A log that has something owed for a minute is late, for five minutes bad, as for /health/deep.
const lateness = log => log.state === "failed" || Math.max(log.behind, log.trouble) > 300 ? 2 :
	log.behind > 60 ? 1 : 0;

function drawLog(log) {
	let row = charts.logs.get(log.url || log.name);

	if (row === undefined) {
		row = makeLog();
		row.name.addEventListener("click", () => filterBy("log", log.name));
		charts.logs.set(log.url || log.name, row);
	}
	row.values.push(log.lag ?? 0);
	shorten(row.values);
	row.path.setAttribute("d", linePath(row.values, Math.max(20, ...row.values), 80, 24));
	row.name.textContent = shortLog(log.name) || log.url;
	row.name.title = plain(`Show only certificates of ${log.name}, ${log.operator || log.url}`);
	row.owed.textContent = lagText(log);
	row.item.className = ["", "late", "bad"][lateness(log)];
	return row.item;
}

// The late ones stand first, the others by name, so that they keep their places.
function drawLogs(logs) {
	const list = document.getElementById("logs"), all = document.getElementById("all");
	const order = [...logs].sort((a, b) => lateness(b) - lateness(a) || a.name.localeCompare(b.name));
	const items = order.map(drawLog).slice(0, charts.all ? undefined : FEW);

	// Moving an item would take the focus from it.
	if (items.length !== list.children.length || items.some((item, i) => list.children[i] !== item))
		if (!list.contains(document.activeElement))
			list.replaceChildren(...items);
	all.hidden = charts.all || logs.length <= FEW;
	all.textContent = `Show all ${logs.length} logs`;
	document.getElementById("count").textContent = figure(logs.length);
}

// Wood is not quite round: how far a ring is off its circle at an angle.
const wobble = (angle, i) => 1 + 0.035 * Math.sin(2 * angle + 1) + 0.02 * Math.sin(3 * angle - 2) +
	0.008 * Math.sin(7 * angle + i * 0.35);

// Draws the arc of one log in ring i. The more certificates came, the darker it is.
function drawArc(pen, unit, i, from, to) {
	const steps = Math.max(2, Math.ceil((to - from) * 14));

	pen.beginPath();
	for (let k = 0; k <= steps; k++) {
		const angle = from + (to - from) * k / steps - Math.PI / 2;
		const radius = (i + 2.5) * unit * wobble(angle, i);

		pen.lineTo(Math.cos(angle) * radius, Math.sin(angle) * radius);
	}
	pen.stroke();
}

function drawDisc() {
	const canvas = document.getElementById("disc"), pen = canvas.getContext("2d");
	const style = getComputedStyle(document.documentElement), size = canvas.width;
	const unit = size / 2 / (Math.max(FIRST, charts.rings.length) + 2.5) * 0.93;
	const most = Math.sqrt(Math.max(1, ...charts.rings.flat()));

	if (canvas.offsetWidth < 10)
		return;
	pen.setTransform(1, 0, 0, 1, size / 2, size / 2);
	pen.clearRect(-size, -size, 2 * size, 2 * size);
	charts.rings.forEach((ring, i) => ring.forEach((n, k) => {
		const newest = i === charts.rings.length - 1;

		pen.lineWidth = unit * (newest ? 1.3 : 0.82);
		pen.strokeStyle = style.getPropertyValue(newest ? "--grain" : "--accent");
		pen.globalAlpha = 0.1 + 0.9 * Math.sqrt(n) / most;
		drawArc(pen, unit, i, 2 * Math.PI * k / ring.length, 2 * Math.PI * (k + 1) / ring.length);
	}));
	canvas.setAttribute("aria-label", `Rings of growth: ${figure(charts.rings.flat()
	    .reduce((a, b) => a + b, 0))} certificates of ${charts.logs.size} logs`);
}

// Takes an answer of /stats. What it counts begins anew when the server does.
function takeStats(stats, at) {
	const logs = stats.logs ?? [], before = charts.last;

	charts.last = { at, events: stats.events, of: new Map(logs.map(log => [log.url, log.events])) };
	if (before !== null && at > before.at && stats.events >= before.events) {
		charts.rates.push((stats.events - before.events) * 1000 / (at - before.at));
		shorten(charts.rates);
		charts.rings.push(logs.map(log => Math.max(0, log.events - (before.of.get(log.url) ?? log.events))));
		charts.rings.splice(0, charts.rings.length - RINGS);
		drawRate();
	}
	drawLogs(logs);
	drawDisc();
}

document.getElementById("all").addEventListener("click", () => {
	charts.all = true;
	askStats();
});
