//! Previews and speech by the worker: what is black, frozen and silent, and products that other
//! programs read.

use super::{H264, film, near};
use std::path::Path;
use vault_media_protocol::{FindingClass, Product, Task};
use vault_tests::media::{Done, Studio, Worker, examine, order};

const PREVIEWS: &[Product] = &[Product::Poster, Product::Sheet, Product::Waveform, Product::Proxy];

const H265: &str = "-c:v libx265 -preset ultrafast -x265-params log-level=none -pix_fmt yuv420p \
    -tag:v hvc1 -c:a aac";

fn preview(file: &Path) -> Done {
    examine(Task::Preview, file, PREVIEWS).unwrap()
}

fn place(bytes: &[u8], name: &[u8]) -> usize {
    bytes.windows(name.len()).position(|part| part == name).expect("the box")
}

#[test]
fn black_frozen_and_silent_stretches_are_found_where_they_are() {
    let studio = Studio::new().unwrap();
    // 6 s moving, 40 s black, 6 s moving, 10 s still, 6 s moving; a tone but from 20 s to 30 s.
    let words = format!(
        "-f lavfi -i testsrc2=s=320x240:r=25:d=6 -f lavfi -i color=black:s=320x240:r=25:d=40 \
         -f lavfi -i testsrc2=s=320x240:r=25:d=6 -f lavfi -i color=gray:s=320x240:r=25:d=10 \
         -f lavfi -i testsrc2=s=320x240:r=25:d=6 \
         -f lavfi -i aevalsrc=0.3*sin(2000*t)*(1-between(t\\,20\\,30)):d=68 \
         -filter_complex [0][1][2][3][4]concat=n=5[v] -map [v] -map 5:a {H264} film.mp4"
    );
    let done = preview(&studio.ffmpeg(&words).unwrap());
    let [black] = done.findings(FindingClass::Black)[..] else { panic!("{:?}", done.report()) };
    assert!(near(black.from_us, 6_000_000, 1_000_000), "{black:?}");
    assert!(near(black.to_us, 46_000_000, 1_000_000), "{black:?}");
    let frozen = done.findings(FindingClass::Frozen);
    assert!(
        frozen.iter().any(|found| near(found.from_us, 52_000_000, 1_000_000)
            && near(found.to_us, 62_000_000, 1_000_000)),
        "{frozen:?}"
    );
    let [silent] = done.findings(FindingClass::Silent)[..] else { panic!("{:?}", done.report()) };
    assert!(near(silent.from_us, 20_000_000, 500_000), "{silent:?}");
    assert!(near(silent.to_us, 30_000_000, 500_000), "{silent:?}");
    assert!(!done.products.contains_key(&Product::Proxy), "a browser plays the original");
    let report = done.report();
    for made in [Product::Poster, Product::Sheet, Product::Waveform] {
        assert!(report.recipes.iter().any(|recipe| recipe.name == made.as_str()), "{made:?}");
    }
}

#[test]
fn a_poster_is_not_black_and_a_sheet_has_its_times() {
    let studio = Studio::new().unwrap();
    let words = "-f lavfi -i color=black:s=640x360:r=25:d=4 -f lavfi -i testsrc2=s=640x360:r=25:d=16 \
        -filter_complex [0][1]concat=n=2 -c:v libx264 -preset ultrafast -pix_fmt yuv420p dark.mp4";
    let done = preview(&studio.ffmpeg(words).unwrap());
    studio.file("poster.jpg", done.product(Product::Poster)).unwrap();
    let level = "-i poster.jpg -vf scale=1:1:flags=area -pix_fmt gray -f rawvideo level";
    let level = std::fs::read(studio.ffmpeg(level).unwrap()).unwrap();
    assert!(level[0] > 40, "{level:?}");
    assert!(done.report().poster_us.is_some_and(|time| time >= 3_900_000));
    let sheet = done.report().sheet.clone().expect("a sheet");
    assert!((4..=64).contains(&sheet.times_us.len()), "{sheet:?}");
    assert!(sheet.times_us.is_sorted(), "{sheet:?}");
    assert!(sheet.times_us.last().is_some_and(|last| *last > 14_000_000), "{sheet:?}");
    studio.file("sheet.jpg", done.product(Product::Sheet)).unwrap();
    let size = studio.ffprobe("stream=codec_name,width", "sheet.jpg").unwrap();
    assert_eq!(size.trim(), format!("mjpeg,{}", sheet.columns * sheet.width));
}

#[test]
fn a_proxy_plays_with_its_index_in_front_and_a_key_frame_each_second() {
    let studio = Studio::new().unwrap();
    for words in [
        film(12, 25, &format!("{H265} h265.mp4")),
        film(12, 25, "-c:v mjpeg -q:v 4 -c:a pcm_s16le camera.avi"),
        film(12, 25, &format!("{H264} -bf 2 stream.ts")),
    ] {
        let done = preview(&studio.ffmpeg(&words).unwrap());
        let proxy = done.product(Product::Proxy);
        assert!(place(proxy, b"moov") < place(proxy, b"mdat"), "{words}");
        studio.file("proxy.mp4", proxy).unwrap();
        let codecs = studio.ffprobe("stream=codec_name,pix_fmt", "proxy.mp4").unwrap();
        assert!(codecs.contains("h264,yuv420p") && codecs.contains("aac"), "{codecs}");
        let frames = studio.ffprobe("packet=stream_index,pts_time,flags", "proxy.mp4").unwrap();
        let keys: Vec<f64> = frames
            .lines()
            .filter(|line| line.starts_with("0,") && line.contains(",K"))
            .filter_map(|line| line.split(',').nth(1)?.parse().ok())
            .collect();
        assert!((11..=14).contains(&keys.len()), "{words}: {keys:?}");
        assert!(keys.windows(2).all(|pair| pair[1] - pair[0] < 1.05), "{words}: {keys:?}");
        let length = studio.ffprobe("format=duration", "proxy.mp4").unwrap();
        let length: f64 = length.trim().parse().unwrap();
        assert!((length - 12.0).abs() < 0.2, "{words}: {length}");
        // It plays to its end without a word of complaint.
        let complaints =
            studio.run("ffmpeg", &["-v", "error", "-i", "proxy.mp4", "-f", "null", "-"]);
        assert!(complaints.is_ok());
        assert!(done.report().recipes.iter().any(|recipe| recipe.value.contains("libx264")));
    }
}

#[test]
fn speech_recorders_get_a_proxy_of_sound() {
    let studio = Studio::new().unwrap();
    let tone = "-f lavfi -i sine=440:sample_rate=8000 -t 6";
    studio.ffmpeg(&format!("{tone} tone.wav")).unwrap();
    studio.run("sox", &["tone.wav", "-t", "amr-nb", "voice.amr"]).unwrap();
    studio.ffmpeg(&format!("{tone} -c:a pcm_alaw phone.wav")).unwrap();
    for name in ["voice.amr", "phone.wav"] {
        let done = preview(&studio.path(name));
        studio.file("proxy.m4a", done.product(Product::Proxy)).unwrap();
        assert_eq!(studio.ffprobe("stream=codec_name", "proxy.m4a").unwrap().trim(), "aac");
        let length = studio.ffprobe("format=duration", "proxy.m4a").unwrap();
        assert!((length.trim().parse::<f64>().unwrap() - 6.0).abs() < 0.2, "{name}: {length}");
        let wave = done.product(Product::Waveform);
        let number = |place: usize| i32::from_le_bytes(wave[place..place + 4].try_into().unwrap());
        assert_eq!((number(0), number(4) & 1), (2, 1), "version 2, 8 bits");
        assert_eq!(wave.len(), 24 + 2 * number(16) as usize * number(20) as usize);
        assert!(wave[24..].iter().any(|peak| peak.cast_signed() > 5), "{name} is not silent");
    }
}

#[test]
fn a_photo_held_upright_has_an_upright_poster_and_a_tiff_is_shown() {
    let studio = Studio::new().unwrap();
    studio.ffmpeg("-f lavfi -i testsrc2=size=960x540 -frames:v 1 photo.jpg").unwrap();
    let turned = ["-q", "-overwrite_original", "-Orientation#=6", "photo.jpg"];
    studio.run("exiftool", &turned).unwrap();
    let done = preview(&studio.path("photo.jpg"));
    studio.file("poster.jpg", done.product(Product::Poster)).unwrap();
    let size = studio.ffprobe("stream=width,height", "poster.jpg").unwrap();
    let (width, height) = size.trim().split_once(',').unwrap();
    assert!(width.parse::<u32>().unwrap() < height.parse::<u32>().unwrap(), "{size}");
    for name in ["paper.tiff", "paper.bmp", "paper.png"] {
        let file = studio.ffmpeg(&format!("-f lavfi -i testsrc2=size=322x242 -frames:v 1 {name}"));
        let done = preview(&file.unwrap());
        assert!(done.product(Product::Poster).starts_with(&[0xFF, 0xD8]), "{name}");
    }
}

#[test]
fn speech_is_as_long_as_the_recording_and_true_to_its_times() {
    let studio = Studio::new().unwrap();
    // The sound begins three seconds after the pictures.
    let words = format!(
        "-f lavfi -i testsrc2=s=160x120:r=25:d=8 -itsoffset 3 -f lavfi -i sine=440:d=5 -map 0:v \
         -map 1:a {H264} late.mp4"
    );
    let file = studio.ffmpeg(&words).unwrap();
    let done = examine(Task::Speech, &file, &[Product::Speech]).unwrap();
    let wave = done.product(Product::Speech);
    let number = |place: usize| u32::from_le_bytes(wave[place..place + 4].try_into().unwrap());
    assert_eq!((number(40) as usize, number(4) as usize), (wave.len() - 44, wave.len() - 8));
    assert_eq!((number(24), wave[22], wave[34]), (16_000, 1, 16));
    let samples: Vec<i16> =
        wave[44..].chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
    let begins = samples.iter().position(|sample| sample.unsigned_abs() > 1_000).unwrap();
    assert!(near(begins as i64, 48_000, 1_600), "the tone begins at sample {begins}");
    assert!(near(samples.len() as i64, 128_000, 1_600), "{} samples", samples.len());
    let silent = studio.ffmpeg("-f lavfi -i testsrc2=s=160x120:d=1 mute.mp4").unwrap();
    let done = examine(Task::Speech, &silent, &[Product::Speech]).unwrap();
    assert_eq!(done.declined().reason, "no-sound");
}

#[test]
fn a_product_past_its_limit_ends_the_order() {
    let studio = Studio::new().unwrap();
    let file = studio.ffmpeg(&film(4, 25, "-c:v mjpeg -c:a pcm_s16le camera.avi")).unwrap();
    let mut worker = Worker::start(&[]).unwrap();
    for (task, products) in
        [(Task::Preview, PREVIEWS), (Task::Speech, &[Product::Speech] as &[Product])]
    {
        let mut small = order(task, &file, products).unwrap();
        small.product_bytes_max = 20_000;
        let done = worker.carry_out(&small, &file).unwrap();
        assert_eq!(done.declined().reason, "product-too-large");
    }
    let done = worker.carry_out(&order(Task::Preview, &file, PREVIEWS).unwrap(), &file).unwrap();
    assert_eq!(done.products.len(), 4, "the next order is carried out");
}

#[test]
fn films_without_a_container_have_a_length_and_a_whole_proxy() {
    let studio = Studio::new().unwrap();
    let picture = "-f lavfi -i testsrc2=s=160x120:r=25 -t 200";
    for words in [
        format!("{picture} -c:v libx264 -preset ultrafast -pix_fmt yuv420p raw.h264"),
        format!("{picture} -c:v mjpeg -q:v 20 -f mjpeg raw.mjpeg"),
    ] {
        let file = studio.ffmpeg(&words).unwrap();
        let done = examine(Task::Probe, &file, &[]).unwrap();
        let length = done.report().duration_us.unwrap();
        assert!(near(length, 200_000_000, 200_000), "{words}: {length}");
        let done = preview(&file);
        studio.file("proxy.mp4", done.product(Product::Proxy)).unwrap();
        let length = studio.ffprobe("format=duration", "proxy.mp4").unwrap();
        assert!((length.trim().parse::<f64>().unwrap() - 200.0).abs() < 0.5, "{words}: {length}");
        let proxy = done.product(Product::Proxy);
        assert!(place(proxy, b"moov") < place(proxy, b"mdat"), "{words}");
    }
}

#[test]
fn a_heic_photo_is_shown_upright() {
    let studio = Studio::new().unwrap();
    // A bright upper left corner, to see which way is up.
    let corner =
        "-f lavfi -i color=black:s=640x480,drawbox=0:0:320:240:white:fill -frames:v 1 p.jpg";
    studio.ffmpeg(corner).unwrap();
    let tags = ["-q", "-overwrite_original", "-Make=Apple", "-Orientation#=1", "p.jpg"];
    studio.run("exiftool", &tags).unwrap();
    studio.run("heif-enc", &["p.jpg", "-o", "p.heic"]).unwrap();
    let file = studio.path("p.heic");
    let done = examine(Task::Probe, &file, &[]).unwrap();
    let report = done.report();
    assert_eq!((report.streams[0].width, report.streams[0].height), (640, 480));
    assert_eq!(report.exif.as_ref().unwrap().device, "Apple");
    assert!(!report.plays_in_browser);
    let done = preview(&file);
    for product in [Product::Poster, Product::Proxy] {
        studio.file("shown.jpg", done.product(product)).unwrap();
        let size = studio.ffprobe("stream=width,height", "shown.jpg").unwrap();
        assert_eq!(size.trim(), "640,480");
        let words = "-i shown.jpg -vf scale=2:2:flags=area -pix_fmt gray -f rawvideo corners";
        let corners = std::fs::read(studio.ffmpeg(words).unwrap()).unwrap();
        assert!(corners[0] > 200 && corners[1..].iter().all(|dark| *dark < 60), "{corners:?}");
    }
}
