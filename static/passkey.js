// The browser's prompt for a passkey ends without a word when it is cancelled or times out: here it is said what happened
// and what to try. allauth's script does the asking and dispatches what went wrong.
"use strict";

(() => {
  const place = document.querySelector("[data-passkey]");
  if (!place) return;
  const SAID = {
    NotAllowedError: place.dataset.cancelled, // also AbortError of older browsers
    AbortError: place.dataset.cancelled,
    InvalidStateError: place.dataset.known,
  };
  document.addEventListener("allauth.error", (event) => {
    if (!event.detail?.tags?.includes("webauthn")) return;
    event.preventDefault(); // it is said to the person, not to the console
    place.hidden = false; // shown before it is filled, so that it is read aloud
    place.querySelector("p").textContent = SAID[event.detail.exception?.name] ?? place.dataset.unable;
    place.scrollIntoView({ block: "nearest" });
  });
  document.getElementById(place.dataset.passkey)?.addEventListener("click", () => {
    place.hidden = true;
    place.querySelector("p").textContent = "";
  });
})();
