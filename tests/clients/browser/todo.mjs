// Two people keep their lists at the same time: they add, change, tick off and delete, and see only their own.
import { signIn, signUp, signUpClumsily } from "./hosted.mjs";
import { perform, same } from "./stage.mjs";

await perform(async ({ enter, urls, way }) => {
  const [anna, ben] = [await enter(), await enter()];
  const names = { anna: `anna.${way}@example.org`, ben: `ben.${way}@example.org` };

  await anna.page.goto(`${urls.site}/`);
  await anna.the("button", "Sign in to your list").waitFor();
  await anna.examine("gate");
  await anna.press(anna.the("button", "Sign in to your list"));
  await signUpClumsily(anna, urls, names.anna);
  await anna.sees("An empty page. What comes first?");
  await anna.examine("empty");

  await add(anna, "Realign the deflector");
  await add(anna, "Water the <b>plants</b> & feed Spot");
  await add(anna, "Poker at eight");
  await shows(anna, ["Poker at eight", "Water the <b>plants</b> & feed Spot", "Realign the deflector"]);
  await counts(anna, "3 open, 0 done");
  await anna.examine("added");

  await ben.page.goto(`${urls.site}/`);
  await ben.press(ben.the("button", "Sign in to your list"));
  await signUp(ben, urls, names.ben);
  await ben.sees("An empty page. What comes first?");
  await add(ben, "Poker at eight");

  await edit(anna, "Poker at eight", "Poker at nine, in ten-forward");
  await tick(anna, "Realign the deflector");
  await counts(anna, "2 open, 1 done");
  await anna.examine("edited-and-done");

  await filter(anna, "Done");
  await shows(anna, ["Realign the deflector"]);
  await filter(anna, "Open");
  await shows(anna, ["Poker at nine, in ten-forward", "Water the <b>plants</b> & feed Spot"]);
  await filter(anna, "All");

  await anna.press(anna.the("button", "Delete Water the <b>plants</b> & feed Spot"));
  await anna.the("button", "Keep").waitFor();
  await anna.examine("asks-before-deleting");
  await anna.press(anna.the("button", "Delete"));
  await shows(anna, ["Poker at nine, in ten-forward", "Realign the deflector"]);
  await counts(anna, "1 open, 1 done");

  await ben.page.reload();
  await shows(ben, ["Poker at eight"]);
  await counts(ben, "1 open, 0 done");
  await tick(ben, "Poker at eight");
  await counts(ben, "0 open, 1 done");

  await anna.page.reload();
  await shows(anna, ["Poker at nine, in ten-forward", "Realign the deflector"]);
  await counts(anna, "1 open, 1 done");
  await tick(anna, "Realign the deflector");
  await counts(anna, "2 open, 0 done");

  anna.watch.expect("answered: GET /no/such/page 404");
  await anna.page.goto(`${urls.site}/no/such/page`);
  await anna.the("heading", "Not on the list").waitFor();
  await anna.examine("missing-page");
  await anna.press(anna.the("link", "Back to the list"));
  await shows(anna, ["Poker at nine, in ten-forward", "Realign the deflector"]);

  await leave(anna, urls);
  await anna.press(anna.the("button", "Sign in to your list"));
  await signIn(anna, urls, names.anna);
  await shows(anna, ["Poker at nine, in ten-forward", "Realign the deflector"]);
  await leave(anna, urls);
  await leave(ben, urls);
});

async function add(me, text) {
  await me.write(me.the("textbox", "What is to be done?"), text);
  await me.press(me.the("button", "Add"));
  await me.the("checkbox", text).waitFor();
  await me.page.waitForFunction(() => document.querySelector("#new").value === "");
}

async function edit(me, text, wanted) {
  await me.press(me.the("button", `Edit ${text}`));
  await me.write(me.the("textbox", "What is to be done"), wanted);
  await me.press(me.the("button", "Save"));
  await me.the("checkbox", wanted).waitFor();
}

/** Ticks an item, or takes the tick away, and waits until the server has it. */
async function tick(me, text) {
  const box = me.the("checkbox", text);
  const was = await box.isChecked();
  await me.press(box);
  await me.page.locator(".row[aria-busy]").waitFor({ state: "detached" });
  same(await me.the("checkbox", text).isChecked(), !was, `whether ${text} is ticked`);
}

async function filter(me, name) {
  const option = me.the("radio", name);
  // The option itself is out of sight behind its label.
  await (me.hands.constructor.name === "Keyboard" ? me.press(option) : me.press(me.page.locator("#filter label", { hasText: name })));
  same(await option.isChecked(), true, `whether ${name} is chosen`);
}

/** Waits until these are the items. Within a second their order is nobody's promise. */
async function shows(me, texts) {
  await me.page.locator("#list[aria-busy=false]").waitFor();
  for (const text of texts) await me.the("checkbox", text).waitFor();
  await me.page.waitForFunction((count) => document.querySelectorAll("#list > li").length === count, texts.length);
  same((await me.page.locator("#list .words").allTextContents()).sort(), [...texts].sort(), "the list");
}

function counts(me, text) {
  return me.page.locator("#count", { hasText: text }).waitFor();
}

async function leave(me, { site }) {
  await me.press(me.the("button", "Sign out"));
  await me.the("button", "Sign in to your list").waitFor();
  await me.isAt(`${site}/`);
}
