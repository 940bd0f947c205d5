//! Reading a handler's ELF file: what machine it is for, and which glibc it needs.

use crate::GlibcVersion;
use object::LittleEndian;
use object::elf::{self, FileHeader64, VER_FLG_WEAK, VersionIndex};
use object::read::elf::{FileHeader, SectionTable, Sym};
use stack_builder_assembly::Architecture;
use std::collections::BTreeMap;

type Header = FileHeader64<LittleEndian>;

/// A version of glibc that a binary cannot start without.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Need {
    pub(crate) glibc: GlibcVersion,
    /// The symbols that need it with the version's name, sorted: `arc4random@GLIBC_2.36`; the name alone when no
    /// symbol carries it.
    pub(crate) symbols: Vec<String>,
}

/// What the binary needs of glibc; empty for a static one.
///
/// # Errors
/// When it is no ELF executable for `architecture`, with the reason.
pub(crate) fn needs(data: &[u8], architecture: Architecture) -> Result<Vec<Need>, String> {
    let header = header(data, architecture)?;
    read_needs(header, data).map_err(|wrong| format!("it is a damaged ELF file: {wrong}"))
}

fn header(data: &[u8], architecture: Architecture) -> Result<&Header, String> {
    let no_elf = |_| "it is no 64-bit ELF file".to_owned();
    let header = Header::parse(data).map_err(no_elf)?;
    let endian = header.endian().map_err(|_| "it is no little-endian ELF file".to_owned())?;
    if !matches!(header.e_type(endian), elf::ET_EXEC | elf::ET_DYN) {
        return Err("it is an ELF file, but no executable".to_owned());
    }
    let (machine, name) = match architecture {
        Architecture::X86_64 => (elf::EM_X86_64, "x86_64"),
        Architecture::Arm64 => (elf::EM_AARCH64, "arm64"),
    };
    match header.e_machine(endian) {
        found if found == machine => Ok(header),
        elf::EM_X86_64 => Err(format!("it is built for x86_64, and the function is {name}")),
        elf::EM_AARCH64 => Err(format!("it is built for arm64, and the function is {name}")),
        _ => Err(format!("it is built for another machine than {name}")),
    }
}

fn read_needs(header: &Header, data: &[u8]) -> object::read::Result<Vec<Need>> {
    let sections = header.sections(LittleEndian, data)?;
    let mut needs = versions(&sections, data)?;
    if needs.is_empty() {
        return Ok(Vec::new());
    }
    for (index, symbol) in versioned_symbols(&sections, data)? {
        if let Some((need, version)) = needs.get_mut(&index) {
            need.symbols.push(format!("{symbol}@{version}"));
        }
    }
    Ok(needs.into_values().map(|(need, version)| finish(need, version)).collect())
}

fn finish(mut need: Need, version: String) -> Need {
    need.symbols.sort();
    if need.symbols.is_empty() {
        need.symbols.push(version);
    }
    need
}

/// The required versions of glibc, with their names, by the index that symbols use.
///
/// The dynamic loader passes over one that is marked weak, as the versions of the functions are that Rust's standard
/// library uses only where it finds them.
fn versions<'data>(
    sections: &SectionTable<'data, Header>,
    data: &'data [u8],
) -> object::read::Result<BTreeMap<u16, (Need, String)>> {
    let mut versions = BTreeMap::new();
    let Some((mut libraries, link)) = sections.gnu_verneed(LittleEndian, data)? else {
        return Ok(versions);
    };
    let strings = sections.strings(LittleEndian, data, link)?;
    while let Some((_, mut entries)) = libraries.next()? {
        while let Some(entry) = entries.next()? {
            let name = String::from_utf8_lossy(entry.name(LittleEndian, strings)?).into_owned();
            let weak = entry.vna_flags.get(LittleEndian).contains(VER_FLG_WEAK);
            if let Some(glibc) = GlibcVersion::of_symbol_version(&name).filter(|_| !weak) {
                let index: VersionIndex = entry.vna_other(LittleEndian).index();
                versions.insert(index.0, (Need { glibc, symbols: Vec::new() }, name));
            }
        }
    }
    Ok(versions)
}

/// Names of the undefined dynamic symbols, with the index of the version they ask for.
fn versioned_symbols<'data>(
    sections: &SectionTable<'data, Header>,
    data: &'data [u8],
) -> object::read::Result<Vec<(u16, String)>> {
    let Some((versions, link)) = sections.gnu_versym(LittleEndian, data)? else { return Ok(Vec::new()) };
    let table = sections.symbol_table_by_index(LittleEndian, data, link)?;
    let undefined = table.enumerate().filter(|(_, symbol)| symbol.is_undefined(LittleEndian));
    let named = undefined.filter_map(|(index, symbol)| {
        let version = versions.get(index.0)?.0.get(LittleEndian).index();
        let name = symbol.name(LittleEndian, table.strings()).ok()?;
        Some((version.0, String::from_utf8_lossy(name).into_owned()))
    });
    Ok(named.collect())
}

#[cfg(test)]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod tests {
    use super::needs;
    use crate::GlibcVersion;
    use stack_builder_assembly::Architecture;

    #[cfg(target_arch = "x86_64")]
    const OURS: (Architecture, Architecture) = (Architecture::X86_64, Architecture::Arm64);
    #[cfg(target_arch = "aarch64")]
    const OURS: (Architecture, Architecture) = (Architecture::Arm64, Architecture::X86_64);

    /// This very test, which is dynamically linked against glibc.
    fn own() -> Vec<u8> {
        std::fs::read(std::env::current_exe().unwrap()).unwrap()
    }

    #[test]
    fn finds_the_versions_of_a_real_binary_and_their_symbols() {
        let found = needs(&own(), OURS.0).unwrap();
        let newest = found.iter().max_by_key(|need| need.glibc).unwrap();
        assert!(newest.glibc >= GlibcVersion { major: 2, minor: 17 }, "{newest:?}");
        assert!(newest.glibc < GlibcVersion { major: 3, minor: 0 }, "{newest:?}");
        let all: Vec<_> = found.iter().flat_map(|need| &need.symbols).collect();
        assert!(all.iter().any(|symbol| symbol.starts_with("memcpy@GLIBC_2.")), "{all:?}");
    }

    #[test]
    fn refuses_another_machine() {
        assert!(needs(&own(), OURS.1).unwrap_err().starts_with("it is built for "));
    }

    #[track_caller]
    fn check(data: &[u8], expect: &str) {
        assert_eq!(needs(data, Architecture::X86_64).unwrap_err(), expect);
    }

    #[test]
    fn refuses_what_is_no_executable() {
        check(b"", "it is no 64-bit ELF file");
        check(b"#!/bin/sh\n", "it is no 64-bit ELF file");
        check(b"\x7fELF\x02\x01\x01", "it is no 64-bit ELF file");
        check(&[b"\x7fELF\x01\x01\x01".as_slice(), &[0; 80]].concat(), "it is no 64-bit ELF file");
        check(&[b"\x7fELF\x02\x02\x01".as_slice(), &[0; 80]].concat(), "it is no little-endian ELF file");
        let mut relocatable = [b"\x7fELF\x02\x01\x01".as_slice(), &[0; 80]].concat();
        relocatable[16] = 1;
        check(&relocatable, "it is an ELF file, but no executable");
        let mut riscv = relocatable;
        (riscv[16], riscv[18]) = (2, 243);
        check(&riscv, "it is built for another machine than x86_64");
    }

    #[test]
    fn survives_truncation_anywhere() {
        let whole = own();
        for length in (0..64).chain((64..whole.len()).step_by(whole.len() / 50)) {
            assert!(needs(&whole[..length], OURS.0).is_err(), "cut at {length}");
        }
    }

    #[test]
    fn survives_damage_to_the_headers() {
        let whole = own();
        let sections = usize::from_le_bytes(whole[40..48].try_into().unwrap());
        let length = whole.len();
        for at in (0..64).chain((sections..length).step_by(3)) {
            let mut damaged = whole.clone();
            damaged[at] = damaged[at].wrapping_add(0x80);
            // Some damage goes unnoticed; none may panic.
            let _ = needs(&damaged, OURS.0);
        }
    }
}
