#!/usr/bin/env python3
"""Uploads a file with tuspy, as a station's script would: it goes on by itself after the service was away.

Usage: tuspy_upload.py ADDRESS FILE TOKEN_FILE STATE. Prints each offset it goes on from, then the head fields of the whole.
"""
import sys
import time

import requests
from tusclient import client
from tusclient.exceptions import TusCommunicationError, TusUploadFailed
from tusclient.storage.filestorage import FileStorage

address, path, token_file, state = sys.argv[1:]
with open(token_file, encoding="utf-8") as file:
    shown = {"Authorization": "Bearer " + file.read().strip()}
station = client.TusClient(address, headers=shown)
name = path.rsplit("/", 1)[-1]
for attempt in range(60):
    try:
        uploader = station.uploader(
            path, chunk_size=6 << 20, metadata={"filename": name},
            store_url=True, url_storage=FileStorage(state))
        print("from", uploader.offset, flush=True)
        uploader.upload()
        break
    except (TusCommunicationError, TusUploadFailed, requests.exceptions.ConnectionError) as error:
        print("again", type(error).__name__, flush=True)
        time.sleep(0.5)
else:
    sys.exit("not uploaded")
head = requests.head(uploader.url, headers={**shown, "Tus-Resumable": "1.0.0"}, timeout=60)
print("recording", head.headers["Upload-Recording"], flush=True)
