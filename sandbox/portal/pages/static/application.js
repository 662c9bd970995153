/** The page of an application: its frame; after the installation is finished the application itself. */

import { embed } from "./bridge.js";
import { t, toast } from "./dom.js";

const place = document.getElementById("application");

function open() {
  const from = place.dataset.linked ? new URL(document.referrer || location.href) : location;
  embed(place, { uri: from.pathname + from.search, ...JSON.parse(place.dataset.wanted) }, {
    appId: place.dataset.app,
    title: place.dataset.title,
    installed: () => {
      toast(t("The application is installed"));
      setTimeout(() => location.reload(), 1500);
    },
  });
}

open();
