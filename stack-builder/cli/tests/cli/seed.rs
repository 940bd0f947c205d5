//! `seed`, as far as it goes without a cloud.

use crate::harness::Test;

#[test]
fn production_is_refused_before_anything_else() {
    for stage in ["prod", "production"] {
        Test::new().args(["seed", "--yes", "--stage", stage]).run().fails(
            2,
            &[
                &format!("error: demonstration data does not belong into the stage `{stage}`"),
                "hint: pass `--allow-production` if it does",
            ],
        );
    }
}

#[test]
fn without_a_terminal_nothing_is_loaded_unasked() {
    Test::new().args(["seed"]).run().fails(1, &["hint: pass `--yes` to do it without asking"]);
}
