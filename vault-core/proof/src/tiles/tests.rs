use super::*;

#[test]
fn paths_are_those_of_the_specification() {
    let tile = |kind, number, width| Tile { kind, number, width }.path();
    let hashes = TileKind::Hashes { level: 0 };
    assert_eq!(tile(hashes, 1_234_067, 256), "tile/0/x001/x234/067");
    assert_eq!(tile(TileKind::Hashes { level: 1 }, 0, 3), "tile/1/000.p/3");
    assert_eq!(tile(TileKind::Entries, 273, 112), "tile/entries/273.p/112");
}

#[test]
fn the_tiles_of_a_tree_of_seventy_thousand_are_those_of_the_specification() {
    // C2SP tlog-tiles, "Partial Tiles": 273 full tiles of level 0 and one of width 112, one full
    // tile of level 1 and one of width 17, one tile of level 2 of width 1.
    let level_0 = tiles_between(TileKind::Hashes { level: 0 }, 0, 70_000);
    assert_eq!(level_0.len(), 274);
    assert_eq!(level_0[273].width, 112);
    let level_1 = tiles_between(TileKind::Hashes { level: 1 }, 0, 70_000);
    assert_eq!(level_1.iter().map(|tile| tile.width).collect::<Vec<_>>(), [256, 17]);
    let level_2 = tiles_between(TileKind::Hashes { level: 2 }, 0, 70_000);
    assert_eq!(level_2.iter().map(|tile| tile.width).collect::<Vec<_>>(), [1]);
    assert_eq!(levels(70_000).count(), 3);
}

#[test]
fn a_bundle_is_read_as_it_was_written() {
    let leaves: [&[u8]; 3] = [b"one", b"", b"three"];
    let bytes = encode_bundle(leaves).expect("short");
    assert_eq!(parse_bundle(&bytes).expect("whole"), leaves);
    assert!(parse_bundle(&bytes[..bytes.len() - 1]).is_none());
}

#[test]
fn a_path_is_read_only_as_it_is_written() {
    let numbers = [0, 1, 999, 1_000, 1_234_067, 999_999_999, u64::MAX];
    for kind in [TileKind::Entries, TileKind::Hashes { level: 0 }, TileKind::Hashes { level: 7 }] {
        for (number, width) in numbers.iter().flat_map(|n| [(*n, 1), (*n, 255), (*n, 256)]) {
            let tile = Tile { kind, number, width };
            assert_eq!(Tile::parse(&tile.path()), Some(tile));
        }
    }
    let refused = [
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x001",
        "tile/0/001/000",
        "tile/0/x000/001",
        "tile/00/001",
        "tile/64/001",
        "tile/+1/001",
        "tile/0/+01",
        "tile/0/001.p/0",
        "tile/0/001.p/256",
        "tile/0/001.p/07",
        "tile/0/001.p/",
        "tile/0/001/",
        "/tile/0/001",
        "tile/entries/",
        "tile/data/000",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
        "",
    ];
    for path in refused {
        assert_eq!(Tile::parse(path), None, "{path}");
    }
}

#[test]
fn a_level_that_no_tree_reaches_has_no_tiles() {
    for level in [8, 63, 255] {
        assert_eq!(tiles_between(TileKind::Hashes { level }, 0, 70_000), []);
    }
    assert_eq!(levels(u64::MAX).count(), 8);
}
