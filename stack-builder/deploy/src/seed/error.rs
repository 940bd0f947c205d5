//! What can be wrong with demonstration data.

/// Why nothing was loaded, or not everything. [`SeedError::hint`] says what to do next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SeedError {
    /// The file is not of the form it should have.
    #[error("`{file}`{}: {problem}", place_of(place))]
    Malformed {
        /// The file.
        file: String,
        /// Where in the document, such as `tables.Logs[2]`; empty for the whole.
        place: String,
        /// What is wrong.
        problem: String,
    },
    /// There is more than one mistake.
    #[error("{}", listed(.0))]
    Several(Vec<SeedError>),
    /// The file names a resource that the deployed stack does not have.
    #[error("`{file}` at `{place}`: stack `{stack}` has no resource of this name")]
    NoResource {
        /// The file.
        file: String,
        /// Where in the document: `tables.Logs`.
        place: String,
        /// The stack's name in CloudFormation.
        stack: String,
        /// The resources that could be meant.
        known: Vec<String>,
    },
    /// The file names a resource of another kind.
    #[error("`{file}` at `{place}`: the resource is of type {found}, not {wanted}")]
    WrongType {
        /// The file.
        file: String,
        /// Where in the document: `tables.Logs`.
        place: String,
        /// The resource's CloudFormation type.
        found: String,
        /// The type that belongs into this section.
        wanted: &'static str,
        /// The resources that could be meant.
        known: Vec<String>,
    },
    /// `DynamoDB` took no more items.
    #[error("table `{table}` took no more items: {left} are left")]
    TableIsFull {
        /// The table's name.
        table: String,
        /// Items that are not loaded.
        left: usize,
    },
}

fn place_of(place: &str) -> String {
    if place.is_empty() { String::new() } else { format!(" at `{place}`") }
}

fn listed(mistakes: &[SeedError]) -> String {
    let lines = mistakes.iter().map(|mistake| format!("\n  {mistake}"));
    format!("the demonstration data has {} mistakes:{}", mistakes.len(), lines.collect::<String>())
}

impl SeedError {
    /// What to do next, in one sentence.
    pub fn hint(&self) -> String {
        match self {
            Self::Malformed { place, .. } if place.is_empty() => {
                "the form is `{\"tables\": {\"ID\": [{..}]}, \"secrets\": {\"ID\": ..}, \
                 \"users\": {\"ID\": [{\"userName\": \"..\", \"password\": \"..\"}]}}`, where ID is a logical id"
                    .to_owned()
            }
            // Those hints that name what could be meant, each once.
            Self::Several(mistakes) => {
                let mut hints: Vec<_> = mistakes.iter().map(Self::hint).collect();
                hints.sort();
                hints.dedup();
                hints.join("; ")
            }
            Self::Malformed { .. } => "mend it and run the command again; nothing was written".to_owned(),
            Self::NoResource { known, .. } | Self::WrongType { known, .. } => meant(known),
            Self::TableIsFull { .. } => {
                "wait a minute and run the command again, which loads every item once more".to_owned()
            }
        }
    }
}

fn meant(known: &[String]) -> String {
    if known.is_empty() {
        return "the stack has no such resource; deploy the stack that this file belongs to".to_owned();
    }
    let known: Vec<_> = known.iter().map(|id| format!("`{id}`")).collect();
    format!("of this type the stack has {}", known.join(", "))
}
