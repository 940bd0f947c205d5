// Messages that would have been sent to users.

import { h, put, nothing, copier } from "./dom.js";
import { load } from "./live.js";
import { time } from "./format.js";

function message(mail) {
  return h("li", { class: "mail" },
    h("p", { class: "dim" }, "To ", h("strong", null, mail.to), " at ", time(mail.at)),
    h("h2", null, mail.subject || "Text message"),
    mail.code && h("p", { class: "secret" }, h("code", null, mail.code), " ", copier(mail.code, `the code for ${mail.to}`)),
    h("p", { class: "letter" }, mail.body));
}

export const inbox = {
  name: "inbox",
  title: "Inbox",
  watches: ["inbox"],
  make(body) {
    const list = h("div", { "aria-live": "polite", "aria-relevant": "additions" });
    let before = "";
    body.append(h("p", { class: "dim lead" }, "Nothing leaves this machine: mails and text messages to users end here."), list);
    const update = async () => {
      const mails = await load("inbox");
      const now = JSON.stringify(mails);
      if (now === before) return;
      before = now;
      put(list, mails.length > 0
        ? h("ol", { class: "mails", reversed: true }, mails.map(message))
        : nothing("No messages.", "Sign up or reset a password in the application; its code appears here."));
    };
    return { update };
  },
};
