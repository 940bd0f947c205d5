// What was refused, what failed, and what to do about it.

import { h, put, nothing, prose } from "./dom.js";
import { load } from "./live.js";
import { resource, time } from "./format.js";

function notice(one) {
  return h("li", { class: `notice ${one.severity}` },
    h("p", { class: "dim" }, h("b", { class: "severity" }, one.severity), " ", time(one.at), one.resource && [" · ", resource(one.resource)]),
    h("p", { class: "letter" }, prose(one.message)),
    one.hint && h("p", { class: "letter advice" }, h("b", null, "hint: "), prose(one.hint)));
}

export const notices = {
  name: "notices",
  title: "Notices",
  watches: ["notices"],
  make(body) {
    const list = h("div");
    let before;
    body.append(h("p", { class: "dim lead" }, "What a policy refused, what failed, and what to change in the stack."), list);
    const update = async () => {
      const all = await load("notices");
      const now = JSON.stringify(all);
      if (now === before) return;
      before = now;
      put(list, all.length > 0
        ? h("ol", { class: "notices-list", reversed: true }, all.map(notice))
        : nothing("No notices.", "A call that the stack's policies do not allow would appear here, with the statement that allows it."));
    };
    return { update };
  },
};
