//! What stacks of an application take from one another.

use crate::stack::Stack;
use stack_builder_assembly::{Diagnostic, StackInput};
use stack_builder_cfn::Source;
use std::collections::{BTreeMap, BTreeSet};

/// The outputs and inputs of the stacks described so far.
#[derive(Debug, Default)]
pub(crate) struct Links {
    outputs: BTreeMap<String, BTreeSet<String>>,
    inputs: BTreeMap<String, Vec<(StackInput, Source)>>,
}

impl Links {
    /// Takes note of a described stack.
    pub(crate) fn note(&mut self, name: &str, stack: &Stack) {
        let outputs = stack.scope.template.output_names().map(str::to_owned).collect();
        self.outputs.insert(name.to_owned(), outputs);
        let inputs = stack.inputs.values().map(|input| (input.from.clone(), input.source)).collect();
        self.inputs.insert(name.to_owned(), inputs);
    }

    /// The stacks that something is taken from.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &String> {
        self.inputs.values().flatten().map(|(input, _)| &input.stack)
    }

    /// Inputs that lead nowhere, and stacks that wait for each other.
    pub(crate) fn check(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (stack, inputs) in &self.inputs {
            let own = inputs.iter().filter(|(input, _)| input.stack == *stack);
            let own = own.map(|(_, source)| {
                let message = format!("the stack `{stack}` takes an input from itself");
                let hint = "use the value that its output shows";
                Diagnostic::error("circular-stacks", message).hint(hint).caused_by(source)
            });
            let others = || inputs.iter().filter(|(input, _)| input.stack != *stack);
            let dangling = others().filter_map(|(input, source)| {
                self.dangling(input).map(|diagnostic| diagnostic.caused_by(source))
            });
            let circular = others().filter(|(input, _)| self.leads_to(&input.stack, stack));
            let circular = circular.map(|(input, source)| {
                let message = format!("the stacks `{stack}` and `{}` wait for each other", input.stack);
                let hint = "move what both need into a third stack, or into one of them";
                Diagnostic::error("circular-stacks", message).hint(hint).caused_by(source)
            });
            found.extend(own.chain(dangling).chain(circular).map(|mut diagnostic| {
                diagnostic.stack = Some(stack.clone());
                diagnostic
            }));
        }
        found
    }

    fn dangling(&self, input: &StackInput) -> Option<Diagnostic> {
        let StackInput { stack, output } = input;
        let message = match self.outputs.get(stack) {
            Some(outputs) if outputs.contains(output) => return None,
            Some(_) => format!("the stack `{stack}` has no output `{output}`"),
            None => format!("the application has no stack `{stack}`"),
        };
        let diagnostic = Diagnostic::error("dangling-input", message);
        Some(match self.outputs.get(stack) {
            Some(outputs) if !outputs.is_empty() => {
                let known: Vec<_> = outputs.iter().map(String::as_str).collect();
                diagnostic.hint(format!("it has {}", known.join(", ")))
            }
            Some(_) => diagnostic.hint("it has no outputs at all"),
            None => diagnostic,
        })
    }

    /// Whether `from` takes something of `to`, directly or through others.
    fn leads_to(&self, from: &str, to: &str) -> bool {
        let (mut seen, mut waiting) = (BTreeSet::new(), vec![from]);
        while let Some(stack) = waiting.pop() {
            if stack == to {
                return true;
            }
            if seen.insert(stack) {
                let inputs = self.inputs.get(stack).into_iter().flatten();
                waiting.extend(inputs.map(|(input, _)| input.stack.as_str()));
            }
        }
        false
    }
}
