//! One function of CloudFront in an interpreter of its own: no input or output, little memory, little time.
//!
//! Every call gets a fresh interpreter, as nothing is shared between calls there either. Making one takes longer
//! than a call, so the next is made while nobody waits for it.

use super::budget::Budget;
use rquickjs::context::EvalOptions;
use rquickjs::promise::MaybePromise;
use rquickjs::{CatchResultExt, CaughtError, Context, Ctx, Function, Runtime, Value};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Bytes of memory: the interpreter's own objects, and the 2 MB that a function may use.
const MEMORY: usize = 4 << 20;
/// Bytes of the stack of calls.
const STACK: usize = 256 * 1024;
/// Bytes of log lines of one call, as CloudFront keeps them.
const LOGGED: usize = 10 * 1024;

/// What is there beside the language itself.
const PRELUDE: &str = include_str!("prelude.js");
/// What is there for functions that ask for modules.
const MODULES: &str = include_str!("modules.js");

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mishap {
    /// It threw, or took too much of something.
    Failed(String),
    /// It returned what is no object.
    Junk(String),
}

/// What a call came to.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    /// JSON.
    pub(super) result: Result<String, Mishap>,
    pub(super) lines: Vec<String>,
}

/// An interpreter with the function in it, for one call.
pub(super) struct Script {
    context: Context,
    lines: Rc<RefCell<Lines>>,
    budget: Rc<Cell<Budget>>,
    /// What went wrong before the first call.
    broken: Option<Mishap>,
}

#[derive(Default)]
struct Lines {
    lines: Vec<String>,
    bytes: usize,
}

impl Lines {
    fn add(&mut self, line: &str) {
        let room = LOGGED.saturating_sub(self.bytes);
        let line = &line[..line.floor_char_boundary(room)];
        if room > 0 && self.lines.len() < 1000 {
            self.bytes += line.len() + 1;
            self.lines.push(line.to_owned());
        }
    }
}

impl Script {
    /// Reads a function.
    pub(super) fn new(source: &str) -> Result<Self, Mishap> {
        let failed = |error: rquickjs::Error| Mishap::Failed(error.to_string());
        let runtime = Runtime::new().map_err(failed)?;
        runtime.set_memory_limit(MEMORY);
        runtime.set_max_stack_size(STACK);
        let budget = Rc::new(Cell::new(Budget::new()));
        let left = budget.clone();
        runtime.set_interrupt_handler(Some(Box::new(move || left.get().is_spent())));
        let context = Context::full(&runtime).map_err(failed)?;
        let lines = Rc::new(RefCell::new(Lines::default()));
        let said = lines.clone();
        let broken = context.with(|ctx| {
            let log = Function::new(ctx.clone(), move |line: String| said.borrow_mut().add(&line));
            let ready = log.and_then(|log| ctx.eval::<Function<'_>, _>(PRELUDE)?.call::<_, ()>((log,)));
            let ready = ready.and_then(|()| evaluate(&ctx, source));
            ready.catch(&ctx).err().map(|error| Mishap::Failed(words(&error, "it could not be read")))
        });
        Ok(Self { context, lines, budget, broken })
    }

    /// Why it cannot be called, known without a call.
    pub(super) fn broken(&self) -> Option<&Mishap> {
        self.broken.as_ref()
    }

    /// Calls it, once: what it leaves behind is not cleaned up.
    pub(super) fn call(&self, event: &str) -> Outcome {
        let budget = Budget::new();
        self.budget.set(budget);
        let result = match &self.broken {
            Some(mishap) => Err(mishap.clone()),
            None => self.context.with(|ctx| run(&ctx, event)),
        };
        let late = result.is_err() && budget.is_spent();
        let result = if late { Err(Mishap::Failed("it took longer than it may".to_owned())) } else { result };
        Outcome { result, lines: std::mem::take(&mut self.lines.borrow_mut().lines) }
    }
}

fn evaluate(ctx: &Ctx<'_>, source: &str) -> rquickjs::Result<()> {
    let mut options = EvalOptions::default();
    options.strict = false;
    if source.contains("require") || source.contains("import ") {
        ctx.eval::<(), _>(MODULES)?;
    }
    ctx.eval_with_options(without_imports(source), options)
}

fn run(ctx: &Ctx<'_>, event: &str) -> Result<String, Mishap> {
    let answer = || -> rquickjs::Result<Option<String>> {
        let handler: Function<'_> = ctx.eval("handler")?;
        let said: MaybePromise<'_> = handler.call((ctx.json_parse(event)?,))?;
        let said: Value<'_> = said.finish()?;
        if !said.is_object() {
            return Ok(None);
        }
        ctx.json_stringify(said)?.map(|text| text.to_string()).transpose()
    };
    match answer().catch(ctx) {
        Ok(Some(text)) => Ok(text),
        Ok(None) => Err(Mishap::Junk("it returned no object".to_owned())),
        Err(error) => Err(Mishap::Failed(words(&error, "it failed"))),
    }
}

/// What was thrown, in few words; asking it for them may fail again.
fn words(error: &CaughtError<'_>, instead: &str) -> String {
    let text = match error {
        CaughtError::Exception(exception) => exception.message().map(|message| {
            let stack = exception.stack().unwrap_or_default();
            let place = stack.lines().next().unwrap_or_default().trim();
            format!("{message} {place}")
        }),
        CaughtError::Value(value) => value.as_string().and_then(|text| text.to_string().ok()),
        CaughtError::Error(error) => Some(error.to_string()),
    };
    let text: String = text.unwrap_or_default().chars().take(500).collect();
    if text.trim().is_empty() { instead.to_owned() } else { text.trim().to_owned() }
}

/// Functions are scripts here; an `import` line becomes what `require` returns, on the same line.
fn without_imports(source: &str) -> String {
    let line = |line: &str| {
        let import = line.trim().strip_prefix("import ")?;
        let (names, module) = import.split_once(" from ")?;
        let names = names.trim().replace("* as ", "").replace(" as ", ": ");
        Some(format!("const {names} = require({});", module.trim().trim_end_matches(';')))
    };
    let lines: Vec<_> = source.lines().map(|text| line(text).unwrap_or_else(|| text.to_owned())).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn call(source: &str) -> Outcome {
        Script::new(source).expect("an interpreter").call(r#"{"request":{"uri":"/a"}}"#)
    }

    #[track_caller]
    fn says(source: &str, expect: &str) {
        assert_eq!(call(source).result.as_deref(), Ok(expect), "{source}");
    }

    #[test]
    fn functions_answer() {
        says("function handler(e) { return e.request }", r#"{"uri":"/a"}"#);
        says("async function handler(e) { await null; return {a: 1} }", r#"{"a":1}"#);
        says("const handler = (e) => ({a: e.request.uri.length});", r#"{"a":2}"#);
        says("undeclared = 1; function handler() { return {u: undeclared} }", r#"{"u":1}"#);
        says(
            "import cf from 'cloudfront';\nfunction handler() { return {k: typeof cf.kvs} }",
            r#"{"k":"function"}"#,
        );
        says(
            "var q = require('querystring'); function handler() { return q.parse('a=1&b=%20') }",
            r#"{"a":"1","b":" "}"#,
        );
        says("function handler() { return {a: atob('aGk='), b: btoa('hi')} }", r#"{"a":"hi","b":"aGk="}"#);
    }

    #[test]
    fn lines_are_logged_and_bounded() {
        let said = call("function handler(e) { console.log('a', {b: 1}, null); return {} }");
        assert_eq!(said.lines, ["a {\"b\":1} null"]);
        let flood = call(
            "function handler(e) { for (let i = 0; i < 2000; i++) console.log('x'.repeat(1000)); return {} }",
        );
        assert!(flood.lines.iter().map(String::len).sum::<usize>() <= LOGGED);
    }

    #[test]
    fn hostile_functions_are_contained() {
        let hostile = [
            "function handler() { for (;;) {} }",
            "for (;;) {}",
            "function handler() { const a = []; for (;;) a.push('x'.repeat(1e6) + a.length) }",
            "function handler() { return 'x'.repeat(2 ** 29) }",
            "function handler() { return handler() + 1 }",
            "function handler() { const f = () => [...f()]; f() }",
            "function handler() { throw 'odd' }",
            "function handler() { throw null }",
            "function handler() { throw { get message() { for (;;) {} } } }",
            "function handler() { const e = new Error('x'); Object.defineProperty(e, 'message', {get() { for (;;) {} }}); throw e }",
            "function handler() { return new Proxy({}, { ownKeys() { for (;;) {} } }) }",
            "function handler() { return { toJSON() { throw 1 } } }",
            "function handler() { const a = {}; a.a = a; return a }",
            "function handler() { return 1n }",
            "function handler() { return new Promise(() => {}) }",
            "async function handler() { for (;;) await null }",
            "function handler() { return /(a+)+b/.test('a'.repeat(60)) }",
            "function handler() { eval('('.repeat(100000)) }",
            "function handler() { let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return JSON.parse(JSON.stringify(a)) }",
            "function handler() { }",
            "no function at all",
            "",
            "const x = 1;",
            "function handler() { return JSON.parse('[' .repeat(1e6)) }",
        ];
        for source in hostile {
            let began = Instant::now();
            let said = call(source);
            assert!(said.result.is_err(), "{source}: {said:?}");
            assert!(began.elapsed() < Duration::from_secs(5), "{source}: {:?}", began.elapsed());
        }
    }
}
