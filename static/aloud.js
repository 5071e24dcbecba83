// 关怀版: the page read aloud by a voice of the reader's own machine. Voices that send the text away are not used: what
// stands here may be somebody's application. Without such a voice for the language of the page the bar stays hidden.
"use strict";

(() => {
  const bar = document.getElementById("aloud");
  const main = document.getElementById("main");
  const speech = window.speechSynthesis;
  if (!bar || !main || !speech || !window.SpeechSynthesisUtterance) return;
  const go = bar.querySelector("[data-aloud=go]");
  const stop = bar.querySelector("[data-aloud=stop]");
  const hint = bar.querySelector(".aloud-hint");

  const BLOCKS = "h1, h2, h3, h4, h5, h6, p, li, dt, dd, label, legend, summary, caption, th, td, figcaption, .hint, .error";
  const SILENT = "[aria-hidden=true], [hidden], .no-print, .back, .actions, .visually-hidden, script, style, select, textarea, svg";
  //: Longer utterances are cut off by some engines; a sentence is also where one pauses.
  const LONGEST = 160;

  let voices = [];
  let pieces = []; // {block, lang, text}
  let next = 0; // what is read, and where it goes on after a pause
  let state = "idle"; // idle, reading, paused
  let turn = 0; // an utterance that ends after it was cancelled moves nothing

  const short = (lang) => lang.toLowerCase().replace("_", "-").split("-")[0];

  function voiceFor(lang) {
    const fitting = voices.filter((voice) => short(voice.lang) === short(lang));
    const likest = short(lang) === "zh" ? /^(zh|cmn)[-_](cn|hans)/i : /^en/i;
    return fitting.find((voice) => likest.test(voice.lang)) ?? fitting[0];
  }

  function heard() {
    voices = speech.getVoices().filter((voice) => voice.localService);
    bar.hidden = !voiceFor(document.documentElement.lang);
  }

  // What a block says itself, without the blocks in it, by language: in the order in which it is read.
  function* said(block) {
    let text = "";
    let lang = "";
    const walk = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const parent = node.parentElement;
      if (parent.closest(BLOCKS) !== block || parent.closest(SILENT)) continue;
      const its = parent.closest("[lang]").lang;
      if (its !== lang && text.trim()) {
        yield [lang, text];
        text = "";
      }
      lang = its;
      text += node.data;
    }
    if (text.trim()) yield [lang, text];
  }

  function* sentences(text) {
    const whole = text.replace(/\s+/g, " ").trim();
    for (const sentence of whole.match(/[^。！？；.!?;]+[。！？；.!?;]*\s*/g) ?? [whole]) {
      for (let rest = sentence; rest; rest = rest.slice(LONGEST)) yield rest.slice(0, LONGEST);
    }
  }

  function read() {
    pieces = [];
    for (const block of main.querySelectorAll(BLOCKS)) {
      if (!block.checkVisibility() || block.closest(SILENT)) continue;
      for (const [lang, text] of said(block)) {
        for (const sentence of sentences(text)) pieces.push({ block, lang, text: sentence });
      }
    }
  }

  function show(block) {
    for (const each of document.querySelectorAll(".being-read")) each.classList.remove("being-read");
    block?.classList.add("being-read");
    block?.scrollIntoView({ block: "nearest" });
  }

  function turnTo(wanted) {
    state = wanted;
    go.textContent = { idle: go.dataset.start, reading: go.dataset.pause, paused: go.dataset.on }[state];
    stop.hidden = hint.hidden = state === "idle";
  }

  function speak() {
    const piece = pieces[next];
    if (!piece) return end();
    const mine = turn;
    const utterance = new SpeechSynthesisUtterance(piece.text);
    utterance.lang = short(piece.lang) === "zh" ? "zh-CN" : piece.lang;
    const voice = voiceFor(piece.lang);
    if (voice) utterance.voice = voice;
    utterance.rate = 0.9;
    utterance.onend = () => {
      if (mine !== turn) return;
      next += 1;
      speak();
    };
    utterance.onerror = () => { if (mine === turn) end(); };
    show(piece.block);
    speech.speak(utterance);
  }

  function hush() {
    turn += 1;
    speech.cancel();
  }

  function end() {
    hush();
    show(null);
    next = 0;
    if (document.activeElement === stop) go.focus();
    turnTo("idle");
  }

  go.addEventListener("click", () => {
    if (state === "reading") {
      hush(); // the engines' own pause is lost on some phones: the sentence is read again instead
      turnTo("paused");
      return;
    }
    if (state === "idle") read();
    turnTo("reading");
    hush();
    speak();
  });
  stop.addEventListener("click", end);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && state !== "idle") end(); });
  window.addEventListener("pagehide", hush);
  speech.addEventListener?.("voiceschanged", heard);
  heard();
})();
