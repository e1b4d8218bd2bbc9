/* SPDX-License-Identifier: Apache-2.0 */
/* feed_cases.js - what feeds do, and an organisation without one. */
'use strict';

module.exports = [
	{ name: 'small', world: 'small', hours: 24 },
];
