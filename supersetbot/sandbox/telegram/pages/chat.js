"use strict";

// The chat page of the sandbox. Text that came from the bot or a person only ever becomes text nodes.

const ZONE = "Asia/Kolkata";
const COMMANDS_WITHOUT_MENU = ["start", "status", "help", "stop"].map((command) => ({ command, description: "" }));
const OFF = {
  blocked: "You blocked the bot.",
  deactivated: "This account is deactivated.",
  kicked: "The bot was removed.",
  left: "The bot is not in here.",
  not_started: "The bot was not started yet.",
  restricted: "The bot may not write here.",
  migrated: "This group became a supergroup.",
};
const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote", spoiler: "button", text_link: "a",
};
const FOUND = /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}]|(?<![\w/])\/[a-z0-9_]{1,32}\b/gi;

const $ = (id) => document.getElementById(id);
const chats = new Map(); // id → what the server says of the chat
const unread = new Map(); // id → how many
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const pressed = new Map(); // callback query → the button that waits for its answer
const early = new Map(); // callback query → its answer, where that came before the press was confirmed
let bot = { first_name: "Bot", username: "" };
let current = null; // the id of the chat that is shown
let typingUntil = 0;
let hasPlaces = false; // a world with a site and an admin around the chats
let cameWhileLoading = null; // messages that arrived while a chat was being read

// Small helpers

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

async function ask(path, body) {
  const options = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(path, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error || `The server answered ${response.status}`);
  return answer;
}

function order(name, parts) {
  return ask("/_control", { do: name, ...parts }).catch((error) => toast(error.message));
}

const clock = new Intl.DateTimeFormat("en-US", { hour: "numeric", minute: "2-digit", timeZone: ZONE });
const calendar = new Intl.DateTimeFormat("en-IN", { weekday: "short", day: "numeric", month: "short", timeZone: ZONE });
const at = (seconds) => clock.format(new Date(seconds * 1000));

function day(seconds) {
  const that = calendar.format(new Date(seconds * 1000));
  return that === calendar.format(new Date()) ? "Today" : that;
}

function paintAvatar(node, name, id) {
  node.textContent = [...name][0] || "?";
  node.style.setProperty("--hue", String(Math.abs(id % 1000) * 137 % 360));
}

function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { $("toast").hidden = true; }, 4000);
}

// Formatted text: entities count UTF-16 units, as JavaScript strings do, and never cross each other

function formatted(text, entities) {
  const words = element("div", "words");
  fill(words, text, 0, text.length, entities || []);
  return words;
}

function fill(parent, text, start, end, entities) {
  let here = start;
  entities.forEach((entity, index) => {
    if (entity.offset < here || !(entity.type in TAGS)) return;
    plain(parent, text.slice(here, entity.offset));
    here = entity.offset + entity.length;
    const inside = entities.slice(index + 1).filter((other) => other.offset < here);
    const node = formattedElement(entity, text.slice(entity.offset, here));
    fill(node, text, entity.offset, here, inside);
    parent.append(node);
    if (BLOCKS.has(entity.type) && text[here] === "\n") here += 1; // it ends the block's own line
    if (entity.type === "expandable_blockquote") parent.append(unfoldButton(node));
  });
  plain(parent, text.slice(here, end));
}

function formattedElement(entity, text) {
  const node = document.createElement(TAGS[entity.type]);
  if (entity.type === "text_link") linkTo(node, entity.url);
  if (entity.type === "pre") {
    node.tabIndex = 0;
    if (entity.language) node.dataset.language = entity.language;
  }
  if (entity.type === "spoiler") {
    node.type = "button";
    node.className = "spoiler";
    node.setAttribute("aria-label", "Hidden text, press to show");
    node.addEventListener("click", () => {
      node.classList.add("open");
      node.setAttribute("aria-label", text);
    });
  }
  if (entity.type === "expandable_blockquote") node.className = "folded";
  return node;
}

function unfoldButton(quote) {
  const button = element("button", "unfold", "Show all");
  button.type = "button";
  button.addEventListener("click", () => {
    button.textContent = quote.classList.toggle("folded") ? "Show all" : "Show less";
  });
  return button;
}

function linkTo(node, url) {
  if (!/^(https?:\/\/|tg:)/i.test(url || "")) return;
  node.href = url;
  node.title = url;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
}

function plain(parent, text) {
  if (parent.closest("pre, code, a, button") || ["PRE", "CODE", "A", "BUTTON"].includes(parent.tagName)) {
    parent.append(text);
    return;
  }
  let here = 0;
  const isMail = chats.get(current)?.type === "mailbox"; // nobody can say a command there
  for (const found of text.matchAll(FOUND)) {
    parent.append(text.slice(here, found.index));
    if (found[0].startsWith("/")) parent.append(isMail ? found[0] : commandLink(found[0]));
    else parent.append(addressLink(found[0]));
    here = found.index + found[0].length;
  }
  parent.append(text.slice(here));
}

function addressLink(url) {
  const [, name, token] = url.match(/^https:\/\/t\.me\/(\w+)\?start=([\w-]+)$/) || [];
  if (token && name === bot.username) return commandLink(`/start ${token}`, url);
  const link = element("a", "", url);
  linkTo(link, url);
  return link;
}

function commandLink(command, text = command) {
  const button = element("button", "command", text);
  button.type = "button";
  button.addEventListener("click", () => say(command));
  return button;
}

// Messages

function messageElement(message) {
  const item = element("article", "message");
  item.dataset.id = message.message_id;
  item.classList.toggle("mine", !message.by_bot);
  item.classList.toggle("gone", message.deleted);
  const bubble = element("div", "bubble");
  if (message.reply_to_message) bubble.append(answeredElement(message.reply_to_message));
  if (message.document && !message.deleted) bubble.append(fileElement(message.document));
  const text = message.deleted ? "Deleted message" : message.text || message.caption || "";
  const words = formatted(text, message.deleted ? [] : message.entities || message.caption_entities);
  words.append(stamp(message));
  bubble.append(words);
  item.append(element("span", "unseen", message.by_bot ? `${message.sender} says: ` : "You say: "), bubble);
  const rows = message.deleted ? [] : message.reply_markup?.inline_keyboard || [];
  if (rows.length) item.append(keyboard(message, rows));
  return item;
}

function answeredElement(message) {
  const words = message.text || message.caption || message.document?.file_name || "";
  const button = element("button", "answered", words.split("\n")[0]);
  button.type = "button";
  button.title = "Show the message that this one answers";
  button.addEventListener("click", () => {
    $("messages").querySelector(`[data-id="${message.message_id}"]`)?.scrollIntoView({ block: "center" });
  });
  return button;
}

function stamp(message) {
  const time = element("time", "stamp", (message.edit_date ? "edited " : "") + at(message.date));
  time.dateTime = new Date(message.date * 1000).toISOString();
  if (message.edit_date) time.title = `Edited ${at(message.edit_date)}`;
  return time;
}

function fileElement(file) {
  const size = file.file_size < 1024 ? `${file.file_size} bytes` : `${Math.round(file.file_size / 1024)} KB`;
  const paper = element("span", "paper", "📄");
  paper.setAttribute("aria-hidden", "true");
  return element("div", "file", paper, element("div", "", file.file_name, element("small", "", size)));
}

function keyboard(message, rows) {
  const keys = element("div", "keys");
  for (const row of rows) keys.append(element("div", "", ...row.map((button) => keyElement(message, button))));
  return keys;
}

function keyElement(message, button) {
  if (button.url) {
    const arrow = element("span", "out", "↗\uFE0E");
    arrow.setAttribute("aria-hidden", "true");
    const link = element("a", "key", element("span", "", button.text), arrow);
    linkTo(link, button.url);
    return link;
  }
  const key = element("button", "key", button.text);
  key.type = "button";
  if (button.callback_data === undefined) {
    key.disabled = true;
    key.title = "This kind of button does nothing here";
  } else {
    key.addEventListener("click", () => press(message.message_id, button.callback_data, key));
  }
  return key;
}

/* A quote that shows all it says needs no button. */
function tidyQuotes(item) {
  for (const quote of item.querySelectorAll(".folded")) {
    quote.nextElementSibling.hidden = quote.scrollHeight <= quote.clientHeight + 1;
  }
}

function showMessage(message) {
  const list = $("messages");
  const old = list.querySelector(`[data-id="${message.message_id}"]`);
  const made = messageElement(message);
  if (old) {
    const hadFocus = old.contains(document.activeElement);
    old.replaceWith(made);
    tidyQuotes(made);
    if (hadFocus) (made.querySelector(".key") || $("scroll")).focus();
    return;
  }
  const today = day(message.date);
  if (list.dataset.day !== today) {
    list.dataset.day = today;
    list.append(element("div", "day", today));
  }
  made.classList.add("new");
  list.append(made);
  tidyQuotes(made);
  $("silence").hidden = true;
}

function nearTheEnd() {
  const box = $("scroll");
  return box.scrollHeight - box.scrollTop - box.clientHeight < 120;
}

function scrollToEnd() {
  $("scroll").scrollTop = $("scroll").scrollHeight;
  $("down").hidden = true;
}

// What the player does

const player = (chat) => (chat.type === "private" ? chat.id : [...chats.values()].find((c) => c.type === "private")?.id);

async function say(text) {
  const chat = chats.get(current);
  if (!chat || !text.trim()) return;
  endHello();
  await order("user_says", { user_id: player(chat), chat_id: chat.id, text });
  scrollToEnd();
}

async function press(messageId, data, key) {
  const chat = chats.get(current);
  const parts = { user_id: player(chat), chat_id: chat.id, message_id: messageId, button: data };
  endHello();
  key.setAttribute("aria-busy", "true");
  const answer = await order("press", parts);
  const release = () => key.removeAttribute("aria-busy");
  if (!answer) return release();
  pressed.set(answer.result, release);
  if (early.has(answer.result)) answered(early.get(answer.result));
  setTimeout(() => { pressed.delete(answer.result); release(); }, 15000);
}

function changeMembership() {
  const chat = chats.get(current);
  const isOpen = chat.state === "open";
  if (chat.type === "private") order(isOpen ? "block" : "unblock", { chat_id: chat.id });
  else order(isOpen ? "kick" : "add_bot", { chat_id: chat.id });
}

async function act(action, button) {
  const result = $("result");
  endHello();
  button.disabled = true;
  result.className = "result";
  result.textContent = `${action.label}…`;
  try {
    const answer = await ask(`/_world/${encodeURIComponent(action.id)}`, {});
    result.classList.add("good");
    result.textContent = answer.line;
  } catch (error) {
    result.classList.add("bad");
    result.textContent = error.message;
  }
  button.disabled = false;
}

// What is shown around the messages

function showPeople() {
  const focused = document.activeElement?.dataset?.chat;
  $("chats").replaceChildren(...[...chats.values()].map((chat) => element("li", "", personButton(chat))));
  if (focused) $("chats").querySelector(`[data-chat="${focused}"]`)?.focus();
  $("nobody").hidden = chats.size > 0;
  const waiting = [...unread.values()].reduce((sum, count) => sum + count, 0);
  document.title = (waiting ? `(${waiting}) ` : "") + "SuperSet sandbox";
}

function personButton(chat) {
  const avatar = element("span", "avatar");
  avatar.setAttribute("aria-hidden", "true");
  paintAvatar(avatar, chat.name, chat.id);
  const about = chat.about ? element("span", "about", chat.about) : "";
  const newest = element("span", "newest", newestLine(chat));
  if (chat.state !== "open") newest.classList.add("off");
  const aside = element("span", "aside");
  if (chat.newest) aside.append(element("time", "", at(chat.newest.date)));
  const count = unread.get(chat.id);
  if (count) {
    const badge = element("span", "unread", String(count));
    badge.setAttribute("aria-label", `${count} new`);
    aside.append(badge);
  }
  const button = element("button", "person", avatar, element("span", "", element("span", "name", chat.name, about), newest), aside);
  button.type = "button";
  button.dataset.chat = chat.id;
  button.setAttribute("aria-current", String(chat.id === current));
  button.addEventListener("click", () => { location.hash = String(chat.id); });
  return button;
}

function newestLine(chat) {
  if (chat.state !== "open") return OFF[chat.state];
  return chat.newest?.text.split("\n")[0] || "No messages yet";
}

function showBar() {
  const chat = chats.get(current);
  const shown = chat.type === "private" ? bot.first_name : chat.name;
  $("name").textContent = shown;
  paintAvatar($("avatar"), shown, chat.id);
  $("avatar").classList.toggle("bot", chat.type === "private");
  const isTyping = typingUntil > Date.now();
  const isMailbox = chat.type === "mailbox";
  const where = isMailbox ? "what the bot sent by mail" : `${chat.type} · ${OFF[chat.state] || "the bot is in here"}`;
  $("subtitle").textContent = isTyping ? "typing…" : chat.type === "private" ? `bot · you are ${chat.name}` : where;
  const isOpen = chat.state === "open";
  const isFixed = isMailbox || ["deactivated", "migrated"].includes(chat.state);
  $("membership").hidden = isFixed;
  const labels = chat.type === "private" ? ["Block bot", "Unblock"] : ["Remove bot", "Add bot"];
  $("membership").textContent = labels[isOpen ? 0 : 1];
  const isReadOnly = isMailbox || chat.type === "channel";
  const mayWrite = !isReadOnly && !["blocked", "deactivated", "migrated"].includes(chat.state);
  $("composer").hidden = $("menu").hidden = !mayWrite;
  $("closed").hidden = mayWrite;
  $("closed").textContent = isReadOnly ? "Only the bot posts here." : OFF[chat.state] || "";
  $("silence").textContent = isReadOnly ? "Nothing was posted yet." : "No messages yet. Send /start to begin.";
}

function showMenu() {
  const menu = chats.get(current).menu;
  $("menu").replaceChildren(...(menu.length ? menu : COMMANDS_WITHOUT_MENU).map((entry) => {
    const button = element("button", "", `/${entry.command}`);
    button.type = "button";
    button.title = entry.description;
    button.addEventListener("click", () => say(`/${entry.command}`));
    return button;
  }));
}

function showActions(actions) {
  $("world").hidden = !actions.length;
  $("actions").replaceChildren(...actions.map((action) => {
    const button = element("button", "action", element("b", "", action.label), element("span", "", action.hint));
    button.type = "button";
    button.addEventListener("click", () => act(action, button));
    return element("li", "", button);
  }));
}

function placeLink(place) {
  const link = element("a", "", place.label);
  linkTo(link, place.url);
  link.title = place.hint;
  return link;
}

function showPlaces(places) {
  $("places").replaceChildren(...places.map((place) => element("li", "", placeLink(place))));
  $("elsewhere").replaceChildren(...places.map((place) => element("li", "", placeLink(place), `: ${place.hint}`)));
  hasPlaces = places.length > 0;
}

function showHello() {
  const chat = chats.get(current);
  const isPlayed = hasPlaces && chat?.type === "private";
  $("hello").hidden = !isPlayed || sessionStorage.getItem("understood") !== null;
  if (isPlayed) $("hello-title").textContent = `Welcome! You are ${chat.name}, ${chat.about}`;
}

// Whoever did something wants to see what comes of it

function endHello() {
  sessionStorage.setItem("understood", "");
  showHello();
  scrollToEnd();
}

// Loading, and what happens from then on

async function load() {
  const state = await ask("/_page/state");
  bot = state.bot;
  chats.clear();
  for (const chat of state.chats) chats.set(chat.id, chat);
  showActions(state.actions);
  showPlaces(state.places);
  const wanted = Number(location.hash.slice(1));
  const first = state.chats[0]?.id ?? null;
  await choose(chats.has(wanted) ? wanted : chats.has(current) ? current : first);
}

async function choose(id) {
  current = id;
  unread.delete(id);
  typingUntil = 0;
  showPeople();
  if (id === null) return;
  showBar();
  showMenu();
  showHello();
  const late = cameWhileLoading = [];
  const chat = await ask(`/_page/chats/${id}`);
  if (cameWhileLoading !== late) return;
  cameWhileLoading = null;
  const list = $("messages");
  list.replaceChildren();
  delete list.dataset.day;
  [...chat.messages, ...late].forEach(showMessage);
  for (const item of list.children) item.classList.remove("new");
  $("silence").hidden = list.childElementCount > 0;
  scrollToEnd();
}

function happened(event) {
  if (event.kind === "menu") return void load();
  if (event.kind === "answer") return answered(event);
  if (event.chat) chats.set(event.chat.id, event.chat);
  if (current === null) return void load();
  if (event.kind === "message" && event.message) messageCame(event);
  if (event.kind === "typing" && event.chat_id === current) {
    typingUntil = Date.now() + 5000;
    setTimeout(showBar, 5100);
  }
  showPeople();
  if (event.chat_id === current) showBar();
}

function messageCame({ chat, message }) {
  const isNew = !message.edit_date && !message.deleted;
  if (chat.id !== current) {
    if (isNew && message.by_bot) unread.set(chat.id, (unread.get(chat.id) || 0) + 1);
    return;
  }
  cameWhileLoading?.push(message);
  const follow = nearTheEnd() || !message.by_bot;
  if (message.by_bot) typingUntil = 0;
  showMessage(message);
  if (follow) scrollToEnd();
  else if (isNew) $("down").hidden = false;
}

function answered(event) {
  const release = pressed.get(event.query_id);
  if (!release) {
    early.set(event.query_id, event);
    setTimeout(() => early.delete(event.query_id), 15000);
    return;
  }
  pressed.delete(event.query_id);
  release();
  if (!event.text) return;
  if (event.show_alert) {
    $("alert-text").textContent = event.text;
    $("alert").showModal();
  } else {
    toast(event.text);
  }
}

function connection(text, className) {
  $("connection").textContent = text;
  $("connection").className = className;
}

function listen() {
  const source = new EventSource("/_page/events");
  source.addEventListener("open", () => {
    connection("Live", "live");
    load().catch((error) => toast(error.message));
  });
  source.addEventListener("message", (event) => happened(JSON.parse(event.data)));
  source.addEventListener("error", () => {
    connection("Reconnecting…", "lost");
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  });
}

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("text").value;
  $("text").value = "";
  say(text);
});
$("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $("composer").requestSubmit();
});
$("understood").addEventListener("click", endHello);
$("membership").addEventListener("click", changeMembership);
$("down").addEventListener("click", scrollToEnd);
$("scroll").addEventListener("scroll", () => { if (nearTheEnd()) $("down").hidden = true; }, { passive: true });
window.addEventListener("hashchange", () => {
  const id = Number(location.hash.slice(1));
  if (chats.has(id)) choose(id).catch((error) => toast(error.message));
});
if (window.matchMedia("(max-width: 760px)").matches) $("world").open = false;
listen();
