/** The settings of a channel: the application's page in a frame, for the chosen line. */

import { show } from "./bridge.js";
import { attempt, control } from "./dom.js";

const place = document.getElementById("channel");
const { connector, line, app, title } = place.dataset;

document.getElementById("line").addEventListener("change", (event) => event.target.form.submit());
const launched = await attempt(() => control(`/sandbox/connectors/${connector}/connect`, { line }));
if (launched) show(place, launched, { appId: app, title });
