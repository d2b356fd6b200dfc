"use strict";

/* What opens the page stands behind the # of the address: no server and no log sees it there, and it is taken away at once. */

const said = location.hash.slice(1);
history.replaceState(null, "", location.pathname);
const signed = new URLSearchParams(said).get("tgWebAppData");
const door = document.getElementById("door");
const telegram = document.getElementById("telegram");

if (signed) {
  telegram.elements.init_data.value = signed;
  telegram.submit();
} else if (said) {
  door.elements.secret.value = said;
  document.getElementById("secret-label").hidden = true;
}
