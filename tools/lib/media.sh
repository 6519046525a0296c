# shellcheck shell=bash
# Makes the real media that demo, tests and benches take in: what recorders, cameras and voice recorders write.
# Promises: `make_media DIR [small|demo]` leaves a complete, checked DIR (about 5 or 40 MB) or none; a DIR that is
#   there is kept. Made twice by the same FFmpeg, it is the same, byte for byte. Sound is speech, times and places are inside the files, some names are Chinese.
# Never: needs a network, leaves a stamp or temporary file inside DIR.
# Needs messages.sh, ffmpeg with flite, and exiftool.

# ff ARG… FILE: one thread and no encoder stamps, so that the same FFmpeg makes the same bytes.
ff() {
  ffmpeg -hide_banner -loglevel error -nostdin -y -filter_threads 1 -filter_complex_threads 1 "${@:1:$#-1}" \
    -threads 1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact "${@: -1}"
}

SPOKEN='this is the daily inspection. the officers show their credentials at the door. the person in charge is present. please show the licence and the register of the last three months. the record is read back and found correct.'

# record_session DIR SECONDS SIZE RATE: one H.264/AAC recording that the recorder splits into three files.
# The clock of the recorder is 09:15 in China; inside the files the time is UTC.
record_session() {
  local dir=$1 seconds=$2 size=$3 rate=$4 whole=$1/whole.mp4 number start
  ff -f lavfi -i "testsrc2=size=$size:rate=25,noise=alls=10:allf=t" -f lavfi -i "flite=text='$SPOKEN':voice=slt" \
    -filter_complex '[1:a]aresample=48000,apad[a]' -map 0:v -map '[a]' -t $((seconds * 3)) \
    -c:v libx264 -preset ultrafast -g 25 -pix_fmt yuv420p -b:v "$rate" -maxrate "$rate" -bufsize "$rate" -c:a aac -b:a 64k "$whole"
  for number in 1 2 3; do
    start=$(((number - 1) * seconds))
    ff -ss $start -i "$whole" -t "$seconds" -map 0 -c copy -map_metadata -1 \
      -metadata creation_time="$(date -u -d "2026-10-12T01:15:00Z + $start seconds" +%FT%TZ)" \
      "$dir/DSJ-A1B2C3_20261012_$(date -u -d "2026-10-12T09:15:00Z + $start seconds" +%H%M%S)_000$number.MP4"
  done
  rm "$whole"
}

# photograph FILE TIME PATTERN: a JPEG with what a camera writes into it.
photograph() {
  ff -f lavfi -i "$3,noise=alls=24" -frames:v 1 -q:v 2 "$1"
  exiftool -q -overwrite_original -Make=Canon '-Model=Canon EOS R50' "-DateTimeOriginal=2026:10:12 $2" "-CreateDate=2026:10:12 $2" \
    -OffsetTimeOriginal=+08:00 -GPSLatitude=43.8868 -GPSLatitudeRef=N -GPSLongitude=125.3245 -GPSLongitudeRef=E "$1"
}

# expect FILE WANTED FOUND: stops when the file is not what it should be.
expect() { [ "$2" = "$3" ] || stop media.bad "$1" "$2" "$3"; }

codecs() { ffprobe -v error -show_entries stream=codec_name -of csv=p=0 "$1" | tr '\n' ' '; }

check_media() {
  local dir=$1 file
  for file in "$dir"/DSJ-*_20261012_*.MP4; do
    expect "$file" 'h264 aac ' "$(codecs "$file")"
    expect "$file" 2026-10-12 "$(ffprobe -v error -show_entries format_tags=creation_time -of csv=p=0 "$file" | cut -dT -f1)"
  done
  expect hevc 'hevc aac ' "$(codecs "$dir/DSJ-A1B2C3_20261012_093000_HEVC.mp4")"
  expect wav 'pcm_s16le ' "$(codecs "$dir/询问笔录录音_张某.wav")"
  expect mp3 'mp3 ' "$(codecs "$dir/REC_20261012_100200.mp3")"
  for file in "$dir"/*.jpg; do
    expect "$file" 'Canon 2026:10:12 43.8868' "$(exiftool -n -p '$Make ${DateTimeOriginal;s/ .*//} $GPSLatitude' "$file")"
  done
  expect files 11 "$(find "$dir" -type f -size +0 | wc -l)"
}

make_media() {
  local dir=$1 kind=${2:-demo} made=$1.partial seconds size rate picture
  case $kind in
    small) seconds=5 size=640x360 rate=1600k picture=960x540 ;;
    demo) seconds=20 size=1280x720 rate=4M picture=1920x1080 ;;
    *) usage_error media.size "$kind" ;;
  esac
  if [ -d "$dir" ]; then say media.kept "$dir"; return; fi
  say media.making "$dir"
  rm -rf "$made" && mkdir -p "$made"
  record_session "$made" "$seconds" "$size" "$rate"
  ff -f lavfi -i "testsrc=size=$size:rate=25,noise=alls=10:allf=t" -f lavfi -i "flite=text='$SPOKEN':voice=rms" -t $((seconds / 2)) \
    -c:v libx265 -preset ultrafast -x265-params log-level=none:pools=none:frame-threads=1 -pix_fmt yuv420p -tag:v hvc1 -b:v "$rate" -c:a aac \
    -metadata creation_time=2026-10-12T01:30:00Z "$made/DSJ-A1B2C3_20261012_093000_HEVC.mp4"
  photograph "$made/IMG_20261012_091612.jpg" 09:16:12 "testsrc2=size=$picture"
  photograph "$made/IMG_20261012_091655.jpg" 09:16:55 "mandelbrot=size=$picture"
  photograph "$made/现场照片_门口.jpg" 09:15:21 "smptehdbars=size=$picture"
  ff -f lavfi -i "flite=text='$SPOKEN':voice=slt" -ar 16000 -ac 1 -c:a pcm_s16le "$made/询问笔录录音_张某.wav"
  ff -i "$made/询问笔录录音_张某.wav" -c:a libmp3lame -b:a 64k "$made/REC_20261012_100200.mp3"
  printf '检查时间：2026-10-12 09:15\n承办人：李某、王某\n现场情况：见录像与照片。\n' >"$made/现场检查说明.txt"
  cp "$made/现场照片_门口.jpg" "$made/DSC00417.jpg" # The same photo twice, as happens when cards are copied by hand.
  check_media "$made"
  mv "$made" "$dir"
}
