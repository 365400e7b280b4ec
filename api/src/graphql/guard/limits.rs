//! How much a document may ask, and a client at once. The numbers are far above what the interface and sensible tools
//! need.

use clap::Args;

/// The limits in force.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Limits of the API")]
pub struct Limits {
    /// Bytes of a document.
    #[arg(long = "limit-bytes", env = "PORTHOLE_LIMIT_BYTES", default_value_t = Self::DEFAULT.bytes)]
    pub bytes: usize,
    /// Tokens of a document.
    #[arg(long = "limit-tokens", env = "PORTHOLE_LIMIT_TOKENS", default_value_t = Self::DEFAULT.tokens)]
    pub tokens: usize,
    /// Brackets open at once, at most 64: the parser calls itself for each.
    #[arg(long = "limit-nesting", env = "PORTHOLE_LIMIT_NESTING", default_value_t = Self::DEFAULT.nesting)]
    pub nesting: usize,
    /// Selections after expanding fragments.
    #[arg(long = "limit-selections", env = "PORTHOLE_LIMIT_SELECTIONS", default_value_t = Self::DEFAULT.selections)]
    pub selections: usize,
    /// Fields inside fields after expanding fragments.
    #[arg(long = "limit-depth", env = "PORTHOLE_LIMIT_DEPTH", default_value_t = Self::DEFAULT.depth)]
    pub depth: usize,
    /// Aliases after expanding fragments.
    #[arg(long = "limit-aliases", env = "PORTHOLE_LIMIT_ALIASES", default_value_t = Self::DEFAULT.aliases)]
    pub aliases: usize,
    /// Fields of an operation's root.
    #[arg(long = "limit-root-fields", env = "PORTHOLE_LIMIT_ROOT_FIELDS", default_value_t = Self::DEFAULT.root_fields)]
    pub root_fields: usize,
    /// Points that one operation may cost.
    #[arg(long = "limit-cost", env = "PORTHOLE_LIMIT_COST", default_value_t = Self::DEFAULT.cost)]
    pub cost: usize,
    /// Sockets and event streams of one user.
    #[arg(long = "limit-sockets", env = "PORTHOLE_LIMIT_SOCKETS", default_value_t = Self::DEFAULT.sockets)]
    pub sockets: usize,
    /// Operations that run at once on one socket.
    #[arg(long = "limit-subscriptions", env = "PORTHOLE_LIMIT_SUBSCRIPTIONS", default_value_t = Self::DEFAULT.subscriptions)]
    pub subscriptions: usize,
    /// Operations of a document.
    #[arg(skip = Self::DEFAULT.operations)]
    pub operations: usize,
    /// Fragments inside fragments.
    #[arg(skip = Self::DEFAULT.fragment_depth)]
    pub fragment_depth: usize,
    /// Directives after expanding fragments.
    #[arg(skip = Self::DEFAULT.directives)]
    pub directives: usize,
    /// The same response key within one selection set.
    #[arg(skip = Self::DEFAULT.repeats)]
    pub repeats: usize,
}

impl Limits {
    const DEFAULT: Self = Self {
        bytes: 16 * 1024,
        tokens: 2_000,
        nesting: 32,
        selections: 1_000,
        depth: 15,
        aliases: 30,
        root_fields: 20,
        cost: 2_000,
        sockets: 10,
        subscriptions: 50,
        operations: 5,
        fragment_depth: 16,
        directives: 50,
        repeats: 5,
    };
    /// Deeper nesting could overflow the stack of the parser.
    const MOST_NESTING: usize = 64;

    /// What is wrong with them, with what to do.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.nesting > Self::MOST_NESTING {
            let most = Self::MOST_NESTING;
            faults.push(format!("PORTHOLE_LIMIT_NESTING must be at most {most}."));
        }
        let all = [
            ("BYTES", self.bytes),
            ("TOKENS", self.tokens),
            ("NESTING", self.nesting),
            ("SELECTIONS", self.selections),
            ("DEPTH", self.depth),
            ("ROOT_FIELDS", self.root_fields),
            ("COST", self.cost),
            ("SOCKETS", self.sockets),
            ("SUBSCRIPTIONS", self.subscriptions),
        ];
        let zero = all.iter().filter(|(_, value)| *value == 0);
        faults.extend(zero.map(|(name, _)| format!("PORTHOLE_LIMIT_{name} must be at least 1.")));
        faults
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
