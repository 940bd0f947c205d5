//! The order of resources: what is referred to stands above what refers to it, otherwise as they were added.

use crate::reference::{self, Reference};
use crate::template::Template;
use crate::trail::Trail;
use std::collections::HashMap;

/// For each resource, the resources that it refers to, each once, in the order of their first mention.
pub(crate) fn dependencies(template: &Template) -> Vec<Vec<usize>> {
    let resources = template.resources();
    let index: HashMap<&str, usize> =
        resources.iter().enumerate().map(|(index, resource)| (resource.id.as_str(), index)).collect();
    let mut edges = vec![Vec::new(); resources.len()];
    for (from, resource) in resources.iter().enumerate() {
        let targets = &mut edges[from];
        let mut add = |name: &str| {
            if let Some(&to) = index.get(name)
                && !targets.contains(&to)
            {
                targets.push(to);
            }
        };
        for id in &resource.definition.depends_on {
            add(id.as_str());
        }
        for entry in resource.definition.properties.entries() {
            reference::visit(&entry.node, &Trail::new(""), entry.source, &mut |found, _, _| match found {
                Reference::Name(name) | Reference::Attribute(name, _) => add(&name),
                Reference::Condition(_) | Reference::Mapping(_) => {}
            });
        }
    }
    edges
}

/// Indices of the resources in dependency order. A cycle is broken at its last edge; [`cycles`] reports it.
pub(crate) fn dependency_order(template: &Template) -> Vec<usize> {
    Walk::over(&dependencies(template)).order
}

/// The cycles among the resources, each as the indices along it; one cycle a strongly connected knot, and a hundred at most.
pub(crate) fn cycles(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    Walk::over(edges).cycles
}

/// Cycles that are told; nobody can mend more at a time.
const MOST_CYCLES: usize = 100;

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    Open,
    Done,
}

/// A depth-first walk. Iterative, so that a long chain of references cannot exhaust the stack.
struct Walk {
    order: Vec<usize>,
    cycles: Vec<Vec<usize>>,
}

impl Walk {
    fn over(edges: &[Vec<usize>]) -> Self {
        let mut walk = Self { order: Vec::with_capacity(edges.len()), cycles: Vec::new() };
        let mut marks = vec![Mark::New; edges.len()];
        for start in 0..edges.len() {
            if marks[start] == Mark::New {
                walk.from(start, edges, &mut marks);
            }
        }
        walk
    }

    fn from(&mut self, start: usize, edges: &[Vec<usize>], marks: &mut [Mark]) {
        let mut path = vec![(start, 0)];
        marks[start] = Mark::Open;
        while let Some((node, next)) = path.last_mut() {
            let Some(&target) = edges[*node].get(*next) else {
                marks[*node] = Mark::Done;
                self.order.push(*node);
                path.pop();
                continue;
            };
            *next += 1;
            match marks[target] {
                Mark::New => {
                    marks[target] = Mark::Open;
                    path.push((target, 0));
                }
                Mark::Open if self.cycles.len() >= MOST_CYCLES => {}
                Mark::Open => {
                    let begin = path.iter().position(|(node, _)| *node == target).unwrap_or(0);
                    self.cycles.push(path[begin..].iter().map(|(node, _)| *node).collect());
                }
                Mark::Done => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(edges: &[&[usize]], order: &[usize], knots: &[&[usize]]) {
        let edges: Vec<_> = edges.iter().map(|targets| targets.to_vec()).collect();
        let walk = Walk::over(&edges);
        assert_eq!(walk.order, order);
        assert_eq!(walk.cycles, knots);
    }

    #[test]
    fn the_given_order_stays_where_nothing_speaks_against_it() {
        check(&[&[], &[], &[]], &[0, 1, 2], &[]);
        check(&[&[2], &[], &[]], &[2, 0, 1], &[]);
        check(&[&[1], &[2], &[]], &[2, 1, 0], &[]);
    }

    #[test]
    fn cycles_are_found() {
        check(&[&[1], &[0]], &[1, 0], &[&[0, 1]]);
        check(&[&[0]], &[0], &[&[0]]);
        check(&[&[1], &[2], &[1]], &[2, 1, 0], &[&[1, 2]]);
    }

    #[test]
    fn a_chain_of_many_does_not_overflow() {
        let edges: Vec<Vec<usize>> =
            (0..100_000).map(|n| if n == 99_999 { vec![] } else { vec![n + 1] }).collect();
        assert_eq!(Walk::over(&edges).order.len(), 100_000);
    }
}
