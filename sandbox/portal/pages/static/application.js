/** The page of an application: its frame; after the installation is finished the application itself. */

import { embed } from "./bridge.js";
import { t, toast } from "./dom.js";

const place = document.getElementById("application");

function open() {
  embed(place, JSON.parse(place.dataset.wanted), {
    appId: place.dataset.app,
    title: place.dataset.title,
    installed: () => {
      toast(t("The application is installed"));
      setTimeout(() => location.reload(), 1500);
    },
  });
}

open();
