// The certstream client of npm, as its README uses it: prints the names of
// each certificate, one certificate a line. Usage: node print.js URL
"use strict";

const CertStreamClient = require("certstream");

new CertStreamClient(message => {
	if (message.message_type === "certificate_update")
		console.log(message.data.leaf_cert.all_domains.join(" "));
}).connect(process.argv[2]);
