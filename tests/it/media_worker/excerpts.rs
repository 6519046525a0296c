//! Excerpts by the worker: packets as they are, from the key frame on, and where each of them lies.

use super::{H264_REORDERED, film, near};
use std::path::Path;
use vault_media_protocol::{CutPlace, Mark, Order, Product, Task};
use vault_tests::media::{Done, Studio, Worker, order};

const CUT: &[Product] = &[Product::Excerpt, Product::Places];

fn cut(file: &Path, stretch_us: (i64, i64)) -> Done {
    let order = Order { stretch_us: Some(stretch_us), ..order(Task::Excerpt, file, CUT).unwrap() };
    Worker::start(&[]).unwrap().carry_out(&order, file).unwrap()
}

fn places(done: &Done) -> Vec<CutPlace> {
    let entries = done.product(Product::Places).chunks(CutPlace::ENTRY_BYTES);
    entries.map(|entry| CutPlace::of_entry(entry.try_into().unwrap())).collect()
}

/// The digest of every packet of a stream, in order, as another program reads them.
fn packets(studio: &Studio, file: &str, stream: &str) -> Vec<String> {
    let words = ["-v", "error", "-select_streams", stream, "-show_packets", "-show_data_hash"];
    let rest = ["md5", "-show_entries", "packet=data_hash", "-of", "csv=p=0", file];
    let said = studio.run("ffprobe", &[&words[..], &rest[..]].concat()).unwrap();
    said.lines().map(|line| line.trim_matches(',').to_owned()).collect()
}

/// Minutes of a film are cut where its key frames are: the packets are those of the original to
/// the byte, they lie where the worker says, and other programs play it from its first picture on.
#[test]
fn an_excerpt_is_the_packets_of_its_stretch_as_they_are() {
    let studio = Studio::new().unwrap();
    let coding = H264_REORDERED;
    for (name, coding) in [
        ("film.mp4", coding.to_owned()),
        ("front.mp4", format!("{coding} -movflags +faststart")),
        ("film.mkv", coding.to_owned()),
        ("film.mov", format!("{} -c:a pcm_s16le", coding.replace(" -c:a aac", ""))),
    ] {
        let file = studio.ffmpeg(&format!("{} {name}", film(20, 25, &coding))).unwrap();
        let done = cut(&file, (6_500_000, 9_300_000));
        let facts = done.report().excerpt.clone().expect("what it covers");
        // A key frame each second.
        assert!(near(facts.begins_us, 6_000_000, 90_000), "{name}: {facts:?}");
        assert!(near(facts.ends_us, 9_300_000, 90_000), "{name}: {facts:?}");
        let excerpt = format!("excerpt.{}", name.split('.').next_back().unwrap());
        studio.file(&excerpt, done.product(Product::Excerpt)).unwrap();
        let original = packets(&studio, name, "v");
        let part = packets(&studio, &excerpt, "v");
        assert!((80..=90).contains(&part.len()), "{name}: {} packets", part.len());
        let at = original.windows(part.len()).position(|window| window == part);
        assert_eq!(at, Some(150), "{name}: packets of the original in their order");
        let decoded = studio.run("ffmpeg", &["-v", "error", "-i", &excerpt, "-f", "null", "-"]);
        assert!(decoded.is_ok(), "{name}: {decoded:?}");
        let first = studio.ffprobe("stream=codec_name", &excerpt).unwrap();
        assert_eq!(first.lines().count(), 2, "{name}: pictures and sound");
        let (bytes, made) = (std::fs::read(&file).unwrap(), done.product(Product::Excerpt));
        let mut equal = 0;
        for place in places(&done) {
            let (at, from) = (place.at as usize, place.from as usize);
            let Some(packet) = made.get(at..at.saturating_add(place.bytes as usize)) else {
                continue;
            };
            let there = &bytes[from..(from + packet.len() + 32).min(bytes.len())];
            equal += usize::from(there.windows(packet.len()).any(|window| window == packet));
        }
        assert_eq!(equal, places(&done).len(), "{name}: every packet lies where it is said to");
        if name.ends_with("mp4") {
            let moov = made.windows(4).position(|part| part == b"moov").unwrap();
            let mdat = made.windows(4).position(|part| part == b"mdat").unwrap();
            assert!(moov < mdat, "the index stands in front");
        }
        assert_eq!(
            cut(&file, (6_500_000, 9_300_000)).product(Product::Excerpt),
            made,
            "the same again"
        );
    }
}

#[test]
fn sound_transport_streams_and_photos_are_cut_or_declined() {
    let studio = Studio::new().unwrap();
    let tone = "-f lavfi -i sine=440:sample_rate=16000:duration=12";
    let wav = studio.ffmpeg(&format!("{tone} tone.wav")).unwrap();
    let done = cut(&wav, (3_000_000, 5_000_000));
    studio.file("part.wav", done.product(Product::Excerpt)).unwrap();
    let seconds: f64 =
        studio.ffprobe("format=duration", "part.wav").unwrap().trim().parse().unwrap();
    assert!((1.9..2.3).contains(&seconds), "{seconds}");
    let ts = studio.ffmpeg(&format!("{} film.ts", film(8, 25, H264_REORDERED))).unwrap();
    let done = cut(&ts, (3_000_000, 4_000_000));
    studio.file("part.ts", done.product(Product::Excerpt)).unwrap();
    assert!(packets(&studio, "part.ts", "v").len() >= 25);
    let photo = "-f lavfi -i testsrc2=s=64x64 -frames:v 1 photo.jpg";
    let photo = studio.ffmpeg(photo).unwrap();
    assert_eq!(cut(&photo, (0, 1_000_000)).declined().reason, "no-stretches");
}

#[test]
fn a_stretch_behind_the_end_of_sound_is_declined() {
    let studio = Studio::new().unwrap();
    let tone = "-f lavfi -i sine=440:sample_rate=16000:duration=12 tone.wav";
    let wav = studio.ffmpeg(tone).unwrap();
    let beyond = cut(&wav, (90_000_000, 91_000_000));
    assert!(!beyond.declined().reason.is_empty());
}

/// A mark is burnt into every picture of what is rendered for a copy; without one the same pictures
/// stay as they are.
#[test]
fn a_mark_is_seen_in_every_picture_of_a_rendition() {
    let studio = Studio::new().unwrap();
    let words = "-f lavfi -i color=gray:s=320x240:r=10:d=3 -c:v libx264 -preset ultrafast \
        -pix_fmt yuv420p plain.mp4";
    let file = studio.ffmpeg(words).unwrap();
    let points = "ff".repeat(200 * 20);
    let mark = Mark { width: 200, height: 20, points, words: "copy 1-2-3".into() };
    let asked = order(Task::Preview, &file, &[Product::Proxy]).unwrap();
    let asked = Order { mark: Some(mark), ..asked };
    let done = Worker::start(&[]).unwrap().carry_out(&asked, &file).unwrap();
    studio.file("marked.mp4", done.product(Product::Proxy)).unwrap();
    let words = "-i marked.mp4 -vf signalstats,metadata=print:key=lavfi.signalstats.YMAX:file=- \
        -f null -";
    let words: Vec<_> = words.split_whitespace().collect();
    let levels = studio.run("ffmpeg", &[&["-v", "error"], &words[..]].concat()).unwrap();
    let levels: Vec<f64> = levels
        .lines()
        .filter_map(|line| line.strip_prefix("lavfi.signalstats.YMAX=")?.parse().ok())
        .collect();
    // The encoder of proxies may end a picture early.
    assert!((29..=30).contains(&levels.len()), "{}", levels.len());
    assert!(levels.iter().all(|level| *level > 180.0), "{levels:?}");
    let tags = studio.ffprobe("format_tags=comment", "marked.mp4").unwrap();
    assert_eq!(tags.trim(), "copy 1-2-3");
}
