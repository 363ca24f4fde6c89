use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::cbor;

proptest! {
    #[test]
    fn a_map_does_as_a_tree_does(deeds in prop::collection::vec((0_u8..4, 0_u8..20, any::<u16>()), 0..200)) {
        let (mut map, mut tree) = (SortedMap::new(), BTreeMap::new());
        for (deed, key, value) in deeds {
            match deed {
                0 => prop_assert_eq!(map.insert(key, value), tree.insert(key, value)),
                1 => prop_assert_eq!(map.remove(&key), tree.remove(&key)),
                2 => {
                    prop_assert_eq!(map.get(&key), tree.get(&key));
                    prop_assert_eq!(*map.or_default(key), *tree.entry(key).or_default());
                }
                _ => prop_assert_eq!(map.contains_key(&key), tree.contains_key(&key)),
            }
            prop_assert!(map.iter().eq(tree.iter()));
        }
        prop_assert_eq!(map.pop_first(), tree.pop_first());
        prop_assert_eq!(map.last(), tree.last_key_value());
        prop_assert!(map.into_iter().eq(tree));
    }

    #[test]
    fn a_set_does_as_a_tree_does(deeds in prop::collection::vec((0_u8..3, 0_u8..20), 0..200)) {
        let (mut set, mut tree) = (SortedSet::new(), BTreeSet::new());
        for (deed, value) in deeds {
            match deed {
                0 => prop_assert_eq!(set.insert(value), tree.insert(value)),
                1 => prop_assert_eq!(set.remove(&value), tree.remove(&value)),
                _ => prop_assert_eq!(set.contains(&value), tree.contains(&value)),
            }
            prop_assert!(set.iter().eq(tree.iter()));
        }
        prop_assert_eq!(set.pop_first(), tree.pop_first());
        prop_assert!(set.into_iter().eq(tree));
    }

    #[test]
    fn what_is_sorted_is_as_the_standard_library_sorts_it(rows in prop::collection::vec((0_u8..10, any::<u32>()), 0..200)) {
        let (mut ours, mut theirs) = (rows.clone(), rows);
        sort_by_key(&mut ours, |(key, _)| *key);
        theirs.sort_by_key(|(key, _)| *key);
        prop_assert_eq!(&ours, &theirs);
        sort(&mut ours);
        theirs.sort_unstable();
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn what_is_written_reads_as_a_tree_and_the_other_way_round(rows in prop::collection::vec((0_u8..50, any::<u32>()), 0..50)) {
        let (map, tree): (SortedMap<u8, u32>, BTreeMap<u8, u32>) = (rows.iter().copied().collect(), rows.iter().copied().collect());
        let written = cbor::to_bytes(&map);
        prop_assert_eq!(&written, &cbor::to_bytes(&tree));
        prop_assert_eq!(cbor::from_bytes::<SortedMap<u8, u32>>(&written).unwrap(), map);
        let (set, tree): (SortedSet<u8>, BTreeSet<u8>) = (rows.iter().map(|row| row.0).collect(), rows.iter().map(|row| row.0).collect());
        let written = cbor::to_bytes(&set);
        prop_assert_eq!(&written, &cbor::to_bytes(&tree));
        prop_assert_eq!(cbor::from_bytes::<SortedSet<u8>>(&written).unwrap(), set);
    }
}
