// Whether the watch hears: a page on which everything is wrong, and one that nobody can reach by keyboard.
import { perform, same } from "./stage.mjs";

const POLICY = "default-src 'self'; style-src 'self'";
const PAGE = `<!doctype html><html lang="en"><title>Wrong</title><link rel="icon" href="/unnamed.svg">
<main><h1>Wrong</h1><img src="/unnamed.svg"><div id="far" tabindex="-1">far</div>
<button id="dark">Dark</button></main>
<style>body { color: red }</style><script src="/wrong.js"></script></html>`;
const SCRIPT = `console.error("oh"); document.querySelector("#dark").style.outline = "none"; fetch("/gone"); fetch("/cut").catch(() => {}); nothing.at.all;`;
const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>';

const ANSWERS = {
  "/": { contentType: "text/html", headers: { "content-security-policy": POLICY }, body: PAGE },
  "/wrong.js": { contentType: "text/javascript", body: SCRIPT },
  "/unnamed.svg": { contentType: "image/svg+xml", body: PICTURE },
  "/gone": { status: 410, body: "" },
};

await perform(async ({ enter, way }) => {
  const me = await enter();
  await me.page.route("**/*", (route) => {
    const answer = ANSWERS[new URL(route.request().url()).pathname];
    return answer ? route.fulfill(answer) : route.abort();
  });
  const cut = me.page.waitForEvent("requestfailed");
  await me.page.goto("http://127.0.0.1:9/");
  await cut;
  await me.examine("wrong");
  me.watch.expect("what never comes");

  const heard = me.watch.complaints();
  const kinds = [
    /^policy: style-src-elem blocked inline/,
    /^console: Applying inline style violates/,
    /^console: oh /,
    /^answered: GET \/gone 410$/,
    /^failed: GET .*\/cut /,
    /^script: ReferenceError: nothing/,
    /^axe on wrong: image-alt/,
    /^expected in vain: what never comes$/,
  ];
  for (const kind of kinds) same(heard.filter((complaint) => kind.test(complaint)).length, 1, `${kind} in ${heard.join("\n")}`);
  me.watch.forgive();

  if (way === "keyboard") {
    await refuses(() => me.press(me.page.locator("#far")), "does not lead to");
    await refuses(() => me.press(me.page.locator("#dark")), "nothing shows");
  }
});

async function refuses(deed, words) {
  const error = await deed().then(() => "nothing", String);
  same(error.includes(words), true, `${words} in ${error}`);
}
