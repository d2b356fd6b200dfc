"use strict";

/* What opens the page stands behind the # of the address: no server and no log sees it there, and it is taken away at once. */

function take() {
  const said = location.hash.slice(1);
  if (!said) return;
  history.replaceState(null, "", location.pathname);
  const signed = new URLSearchParams(said).get("tgWebAppData");
  if (signed) {
    const telegram = document.getElementById("telegram");
    telegram.elements.init_data.value = signed;
    telegram.submit();
  } else {
    document.getElementById("door").elements.secret.value = said;
    document.getElementById("secret-label").hidden = true;
  }
}

take();
addEventListener("hashchange", take);
