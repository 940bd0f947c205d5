//! Who calls, and whether policies let them: signatures, roles, STS.
