//! Thousands of damaged recordings: the caller lives on, every answer is one, nothing is opened.

use super::H264;
use super::hostile::{REACHING, reached};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use vault_media_protocol::{Answer, Product, Task};
use vault_tests::media::{Studio, Worker, order};

/// Damaged files in the long run.
const MUTANTS: u64 = 2_400;

/// A small generator of numbers: the same damage in every run, but where FFmpeg puts numbers of
/// its own into a container.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

fn seeds(studio: &Studio) -> Vec<PathBuf> {
    let small = |coding: &str| {
        format!(
            "-f lavfi -i testsrc2=size=160x120:rate=15 -f lavfi -i sine=440:sample_rate=16000 \
             -t 1 -map 0:v -map 1:a {coding}"
        )
    };
    let h265 = "-c:v libx265 -preset ultrafast -x265-params log-level=none -pix_fmt yuv420p";
    let mut made: Vec<PathBuf> = [
        small(&format!("{H264} a.mp4")),
        small(&format!("{H264} -movflags +frag_keyframe+empty_moov b.mp4")),
        small(&format!("{h265} -c:a aac c.mp4")),
        small(&format!("{H264} d.ts")),
        small("-c:v mjpeg -c:a pcm_s16le e.avi"),
        small("-c:v mpeg4 -bf 2 -c:a mp3 f.avi"),
        small(&format!("{H264} g.mkv")),
        small("-c:v libvpx -deadline realtime -c:a libvorbis h.webm"),
        small("-c:v mpeg2video -c:a mp2 -f mpeg i.mpg"),
        small("-c:v wmv2 -c:a wmav2 j.asf"),
        small("-c:v flv -ar 22050 -c:a mp3 k.flv"),
        "-f lavfi -i sine -t 1 l.wav".into(),
        "-f lavfi -i sine -t 1 m.mp3".into(),
        "-f lavfi -i sine -t 1 n.flac".into(),
        "-f lavfi -i sine -t 1 -c:a libopus o.ogg".into(),
        "-f lavfi -i testsrc2=size=160x120 -frames:v 1 p.jpg".into(),
        "-f lavfi -i testsrc2=size=160x120 -frames:v 1 q.png".into(),
        "-f lavfi -i testsrc2=size=160x120 -frames:v 1 r.tiff".into(),
        "-f lavfi -i testsrc2=size=160x120 -frames:v 1 s.webp".into(),
        "-f lavfi -i testsrc2=size=160x120 -t 1 t.gif".into(),
    ]
    .iter()
    .map(|words| studio.ffmpeg(words).unwrap())
    .collect();
    let tags = ["-q", "-overwrite_original", "-Make=DSJ", "-GPSLatitude=43.9", "p.jpg"];
    studio.run("exiftool", &tags).unwrap();
    studio.run("sox", &["l.wav", "-r", "8000", "-c", "1", "-t", "amr-nb", "u.amr"]).unwrap();
    made.push(studio.path("u.amr"));
    studio.run("heif-enc", &["p.jpg", "-o", "v.heic"]).unwrap();
    made.push(studio.path("v.heic"));
    made
}

/// Damages a file in one of the ways files are damaged, or made to be.
fn mutate(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    // Heads and indexes stand at the two ends: half of the damage is done there.
    let length = bytes.len();
    let near_an_end = |numbers: &mut Numbers| match numbers.below(4) {
        0 => numbers.below(length.min(600)),
        1 => length - 1 - numbers.below(length.min(2_000)),
        _ => numbers.below(length),
    };
    for _ in 0..=numbers.below(6) {
        if bytes.len() < 16 {
            return;
        }
        let place = near_an_end(numbers).min(bytes.len() - 9);
        match numbers.below(8) {
            0 | 1 => bytes[place] ^= 1 << numbers.below(8),
            2 => bytes[place] = [0, 0xFF, 0x7F, 0x80, 1][numbers.below(5)],
            3 => bytes[place..place + 4].copy_from_slice(&[0xFF; 4]),
            4 => bytes[place..place + 8].copy_from_slice(&numbers.next().to_le_bytes()),
            5 => bytes.truncate(place.max(16)),
            6 => {
                let end = (place + numbers.below(400)).min(bytes.len());
                bytes.drain(place..end);
            }
            _ => {
                let from = numbers.below(bytes.len() - 8);
                let end = (from + numbers.below(400)).min(bytes.len());
                let copied = bytes[from..end].to_vec();
                bytes.splice(place..place, copied);
            }
        }
    }
}

/// What became of the mutants.
#[derive(Debug, Default)]
struct Outcomes {
    done: u64,
    declined: u64,
    /// The worker ended: by its limits, or because FFmpeg fell over. The vault says so of the
    /// recording and starts another.
    fell: Vec<String>,
    slowest: Duration,
    slowest_is: String,
}

fn attack(studio: &Studio, mutants: u64) -> Outcomes {
    let seeds = seeds(studio);
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let mut outcomes = Outcomes::default();
    let products = [Product::Poster, Product::Sheet, Product::Waveform, Product::Proxy];
    let tasks: [(Task, &[Product]); 3] =
        [(Task::Probe, &[]), (Task::Preview, &products), (Task::Speech, &[Product::Speech])];
    let mut traces = 0;
    let mut worker: Option<Worker> = None;
    for number in 0..mutants {
        let seed = &seeds[(number % seeds.len() as u64) as usize];
        let mut bytes = std::fs::read(seed).unwrap();
        mutate(&mut bytes, &mut numbers);
        let file = studio.file("mutant", &bytes).unwrap();
        for (task, products) in tasks {
            let at_work = worker.get_or_insert_with(|| {
                traces += 1;
                let trace = studio.path(&format!("trace{traces}"));
                Worker::start_watched(&trace, REACHING).unwrap()
            });
            let begun = Instant::now();
            let answered = at_work.carry_out(&order(task, &file, products).unwrap(), &file);
            if begun.elapsed() > outcomes.slowest {
                outcomes.slowest = begun.elapsed();
                outcomes.slowest_is = format!("{number} {task:?} {}", seed.display());
            }
            match answered {
                Ok(done) => match done.answer {
                    Answer::Done(_) => outcomes.done += 1,
                    Answer::Declined(_) => outcomes.declined += 1,
                },
                Err(error) => {
                    let seed = seed.file_name().unwrap().to_string_lossy().into_owned();
                    std::fs::copy(&file, studio.path(&format!("fell{number}-{seed}"))).unwrap();
                    outcomes.fell.push(format!("{number} {task:?} {seed}: {error}"));
                    worker = None;
                }
            }
        }
    }
    drop(worker);
    for number in 1..=traces {
        // A library may try, and be refused: tables of character sets, for one.
        assert_eq!(reached(&studio.path(&format!("trace{number}"))), Vec::<String>::new());
    }
    outcomes
}

#[test]
fn damaged_recordings_get_an_answer_and_open_nothing() {
    let studio = Studio::new().unwrap();
    let outcomes = attack(&studio, 63);
    assert!(outcomes.done > 20 && outcomes.declined > 10, "{outcomes:?}");
    assert_eq!(outcomes.fell, Vec::<String>::new());
}

#[test]
fn long_thousands_of_damaged_recordings_open_nothing() {
    if std::env::var_os("VAULT_LONG").is_none() {
        return;
    }
    let studio = Studio::new().unwrap();
    let outcomes = attack(&studio, MUTANTS);
    eprintln!("{outcomes:#?}");
    assert_eq!(outcomes.done + outcomes.declined + outcomes.fell.len() as u64, MUTANTS * 3);
    // A worker may fall; the vault says so and goes on. More than one in a hundred is a fault.
    assert!((outcomes.fell.len() as u64) < MUTANTS * 3 / 100, "{outcomes:?}");
}
