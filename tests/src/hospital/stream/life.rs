//! What happens, and how often: more people leave in the afternoon, planned ones come in the morning, the night is the
//! emergency department's.

use super::Stream;
use crate::hospital::segment::calendar;

/// Something that can happen.
type Happening = fn(&mut Stream) -> Option<()>;

impl Stream {
    /// Lets the next thing happen.
    pub(super) fn live(&mut self) {
        self.wait();
        let (_, second) = calendar(self.now);
        let part = match second / 3600 {
            7..12 => 1,
            12..18 => 2,
            18..22 => 3,
            _ => 0,
        };
        let weight = |(_, weights): &(Happening, [u32; 4])| weights.get(part).copied().unwrap_or(1);
        // What is drawn can be impossible just now; something in the list nearly always is possible.
        for _ in 0..50 {
            let drawn = self.draw.weighted(HAPPENINGS, weight).copied();
            if let Some((happening, _)) = drawn
                && happening(self).is_some()
            {
                return;
            }
        }
    }
}

/// What can happen, and how often by night, in the morning, in the afternoon and in the evening.
const HAPPENINGS: &[(Happening, [u32; 4])] = &[
    (Stream::come_to_emergency, [170, 130, 150, 190]),
    (Stream::come_unknown, [6, 2, 2, 5]),
    (Stream::go_up, [130, 90, 110, 140]),
    (Stream::go_home_from_emergency, [60, 60, 60, 80]),
    (Stream::come_straight, [10, 50, 60, 30]),
    (Stream::expect_somebody, [0, 50, 40, 5]),
    (Stream::expect_no_more, [0, 12, 12, 2]),
    (Stream::come_as_expected, [0, 70, 15, 5]),
    (Stream::move_bed, [70, 90, 110, 90]),
    (Stream::move_ward, [60, 70, 90, 60]),
    (Stream::change_beds, [10, 20, 25, 15]),
    (Stream::go_home, [15, 110, 230, 90]),
    (Stream::go_on_leave, [2, 20, 20, 10]),
    (Stream::come_back, [2, 15, 20, 25]),
    (Stream::be_looked_after, [60, 110, 90, 50]),
    (Stream::change_details, [5, 60, 60, 10]),
    (Stream::take_back, [20, 30, 30, 20]),
    (Stream::die_here, [10, 6, 6, 8]),
    (Stream::die_elsewhere, [1, 8, 6, 1]),
    (Stream::be_alive_after_all, [0, 2, 2, 0]),
    (Stream::be_the_same, [3, 14, 12, 4]),
    (Stream::be_two_after_all, [0, 4, 4, 0]),
    (Stream::be_born, [10, 10, 10, 10]),
    (Stream::be_referred, [0, 20, 25, 3]),
    (Stream::need_no_more, [0, 15, 20, 2]),
    (Stream::move_into_home, [0, 2, 3, 0]),
];
