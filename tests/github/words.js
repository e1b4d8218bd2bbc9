/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words.js - what people write: titles, messages, comments. Made up, and enough
 * of it that a page of a simulated organisation can be read with pleasure.
 */
'use strict';

const lines = (text) => text.trim().split('\n').map((l) => l.trim());

const VERB = lines(`Fix\nAdd\nSpeed up\nSimplify\nDocument\nTest\nRefactor\nRemove\nHarden
	Rename\nSplit\nCache\nValidate\nRetry\nLog`);
const THING = lines(`the sensor calibration loop
	the route planner's cost table
	time zone handling in the scheduler
	the invoice export
	login throttling
	the map tile cache
	the harvest report
	unit conversion for wind speed
	the firmware upload page
	pagination of the parts list
	error messages of the importer
	the backup rotation
	the webhook queue
	the telemetry parser
	dark mode in the dashboard
	the orbit propagator
	the soil moisture model
	the release checklist
	the build on arm64
	connection pooling
	the search index
	the permission checks
	the drone simulator
	the flaky integration test
	memory use of the tile server
	the quick start guide
	the queue back-pressure
	keyboard navigation
	the retry of failed uploads
	the sunrise table`);
const TROUBLE = lines(`crashes on an empty file
	is slow with more than 10,000 rows
	shows the wrong time after midnight
	loses the last line
	ignores the configured proxy
	fails behind IPv6
	needs documentation
	should accept metric units
	leaks file handles
	does not remember the chosen language`);
const PART = lines(`Importer\nDashboard\nTile server\nPlanner\nScheduler\nExport\nCLI
	Uploader\nSearch\nSimulator\nInstaller\nLogin page`);
const REMARK = lines(`Could you add a test for the empty case?
	Nice, much simpler than before.
	I think this breaks when the list is not sorted.
	Why not use the helper we already have?
	Small typo here.
	Works on my machine, also on the old board.
	Let us keep the public name, please.
	This allocates in a loop, is that on purpose?
	Good catch.
	Can we do that in a separate change?`);
const ANSWER = lines(`Done, see the last commit.
	Good point, changed.
	Yes, on purpose: see the comment above.
	I would rather do this later.
	Right, that was left over.`);
const CHATTER = lines(`I can reproduce this on the current main.
	Any news here?
	Which version is it?
	Fixed by the change that went in yesterday, I believe.
	Thanks for the report!
	Happens to me as well, every Monday.
	Let us talk about it on Thursday.
	I had a look: the cause is in the parser.`);
const LABELS = ['bug', 'documentation', 'enhancement', 'performance', 'good first issue',
	'dependencies', 'security'];
const PACKAGES = ['left-trim', 'tiny-log', 'tz-data', 'geo-rings', 'yamlite', 'httpd-lite'];

const REPOS = [
	['orbit-planner', 'Plans orbits and ground contacts', 10],
	['tile-server', 'Map tiles, fast', 9],
	['harvest', 'Reports for growers', 8],
	['dashboard', 'What the sensors say, on one page', 8],
	['sensor-firmware', 'Runs on the boards', 7],
	['scheduler', 'Jobs at the right time', 6],
	['importer', 'Brings old data in', 5],
	['uploader', 'Sends firmware to boards', 4],
	['docs', 'Handbook', 4],
	['cli', 'The command line', 4],
	['soil-model', 'Moisture and weather', 3],
	['infra', 'Machines and deployments', 3],
	['design', 'Colours, icons, pictures', 2],
	['website', 'The public site', 2],
	['experiments', 'Things that may come to nothing', 1],
];

const title = (rng) => `${rng.pick(VERB)} ${rng.pick(THING)}`;
const issueTitle = (rng) => `${rng.pick(PART)} ${rng.pick(TROUBLE)}`;
const bump = (rng) => `Bump ${rng.pick(PACKAGES)} from 1.${rng.int(9)}.0 to 1.${
    9 + rng.int(9)}.${rng.int(5)}`;

module.exports = { title, issueTitle, bump, REMARK, ANSWER, CHATTER, LABELS, REPOS };
