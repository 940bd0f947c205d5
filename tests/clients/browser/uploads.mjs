// Somebody makes an account, puts files in, gets them back, and signs out; somebody else sees nothing of it.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { signIn, signUp, signUpClumsily } from "./hosted.mjs";
import { perform, same } from "./stage.mjs";

const LARGE = { name: "Schiff & Brücke 船 (1).bin", mimeType: "application/octet-stream", buffer: noise(3_000_000) };
const SMALL = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("Tea, Earl Grey, hot\n") };

await perform(async ({ enter, urls, way }) => {
  const [me, other] = [await enter(), await enter()];
  const [mine, theirs] = [`jean-luc.${way}@example.org`, `q.${way}@example.org`];

  await me.page.goto(`${urls.site}/`);
  await me.the("button", "Sign in to begin").waitFor();
  await me.examine("gate");
  await me.press(me.the("button", "Sign in to begin"));
  await signUpClumsily(me, urls, mine);
  await me.sees("Nothing here yet.");
  await me.examine("empty");

  await put(me, LARGE);
  await me.the("link", LARGE.name).waitFor();
  await (way === "desktop" ? drop(me, SMALL) : put(me, SMALL));
  await me.the("link", SMALL.name).waitFor();
  await settled(me, ["notes.txt", LARGE.name]);
  await me.examine("listed");
  await gets(me, LARGE);
  await gets(me, SMALL);

  await me.page.reload();
  await settled(me, ["notes.txt", LARGE.name]);

  await other.page.goto(`${urls.site}/`);
  await other.press(other.the("button", "Sign in to begin"));
  await signUp(other, urls, theirs);
  await other.sees("Nothing here yet.");
  same(await other.page.locator("#files > li").count(), 0, "files of somebody else");

  await leave(me, urls);
  await me.shoot("signed-out");
  await me.press(me.the("button", "Sign in to begin"));
  await signIn(me, urls, mine);
  await settled(me, ["notes.txt", LARGE.name]);
  await gets(me, LARGE);
  await leave(me, urls);
  await leave(other, urls);
});

/** Chooses a file in the browser's own dialog. */
async function put(me, file) {
  const dialog = me.page.waitForEvent("filechooser");
  await me.press(me.the("button", "Choose files"));
  await (await dialog).setFiles(file);
}

/** Drags a file onto the page. */
async function drop(me, { name, mimeType, buffer }) {
  const data = await me.page.evaluateHandle(
    ([content, fileName, type]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(content)], fileName, { type }));
      return transfer;
    },
    [[...buffer], name, mimeType],
  );
  const target = me.page.locator("#drop");
  await target.dispatchEvent("dragover", { dataTransfer: data });
  await target.dispatchEvent("drop", { dataTransfer: data });
}

/** Waits until these are the files, and nothing is on its way. Within a second their order is nobody's promise. */
async function settled(me, names) {
  for (const name of names) await me.the("link", name).waitFor();
  await me.page.locator("#queue-part").waitFor({ state: "hidden" });
  await me.page.locator("#files[aria-busy=false]").waitFor();
  same((await me.page.locator("#files a").allTextContents()).sort(), [...names].sort(), "the list of files");
}

/** Gets a file back, byte by byte. */
async function gets(me, { name, buffer }) {
  const coming = me.page.waitForEvent("download");
  await me.press(me.the("link", name));
  const download = await coming;
  same(download.suggestedFilename(), name, "the name of the file that comes");
  same(hash(readFileSync(await download.path())), hash(buffer), `the content of ${name}`);
}

async function leave(me, { site }) {
  await me.press(me.the("button", "Sign out"));
  await me.the("button", "Sign in to begin").waitFor();
  await me.isAt(`${site}/`);
}

/** The same bytes each time, which no compression makes smaller. */
function noise(length) {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, index) => createHash("sha256").update(`${index}`).digest());
  return Buffer.concat(blocks).subarray(0, length);
}

function hash(content) {
  return createHash("sha256").update(content).digest("hex");
}
