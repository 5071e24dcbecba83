// The browser's prompt for a passkey ends without a word when it is cancelled or times out: here it is said what happened
// and what to try. allauth's script does the asking and dispatches what went wrong.
"use strict";

(() => {
  const place = document.querySelector("[data-passkey]");
  if (!place) return;
  const SAID = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known" };
  document.addEventListener("allauth.error", (event) => {
    if (!event.detail?.tags?.includes("webauthn")) return;
    event.preventDefault(); // it is said to the person, not to the console
    const said = SAID[event.detail.exception?.name] ?? "unable";
    for (const words of place.querySelectorAll("[data-said]")) words.hidden = words.dataset.said !== said;
    place.hidden = false;
    place.scrollIntoView({ block: "nearest" });
  });
  document.getElementById(place.dataset.passkey)?.addEventListener("click", () => {
    place.hidden = true;
  });
})();
