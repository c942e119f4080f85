"""Photos and documents: bytes by content, on disk before anybody hears of them."""

import hashlib
import mimetypes
import os
from pathlib import Path

from bot.telegram.sandbox.errors import ApiError, bad_request
from bot.telegram.sandbox.images import dimensions, media_type
from bot.telegram.sandbox.params import Params, Upload
from bot.telegram.sandbox.records import Kept
from bot.telegram.sandbox.shapes import Document, PhotoSize
from bot.telegram.sandbox.store import Store

_LARGEST_PHOTO = 10 * 1024 * 1024
_WRONG_ID = "wrong file identifier/HTTP URL specified"


class Files:
    """The files of all chats, addressed by file id."""

    def __init__(self, store: Store, folder: Path | None) -> None:
        self._store = store
        self._folder = folder / "files" if folder else None
        self._memory: dict[str, bytes] = {}
        if self._folder:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def found(self, file_id: str) -> Kept:
        """The file's record; refused where there is none."""
        kept = self._store.state.files.get(file_id)
        if kept is None:
            raise bad_request("invalid file_id")
        return kept

    def data(self, kept: Kept) -> bytes:
        """The bytes of a file."""
        if self._folder:
            return (self._folder / kept.unique_id).read_bytes()
        return self._memory[kept.unique_id]

    def photo(self, params: Params, value: str, part: str) -> PhotoSize:
        """The photo a call names: an upload, `attach://`, or a file id."""
        upload = _upload(params, value, part)
        kept = self._keep_photo(upload) if upload else self._known(value)
        if not kept.is_photo:
            raise bad_request("can't use file of type Document as Photo")
        return PhotoSize(
            file_id=kept.file_id,
            file_unique_id=kept.unique_id,
            width=kept.width,
            height=kept.height,
            file_size=kept.size,
        )

    def document(self, params: Params, value: str, part: str) -> Document:
        """The document a call names: an upload, `attach://`, or a file id."""
        upload = _upload(params, value, part)
        kept = self._keep_document(upload) if upload else self._known(value)
        if kept.is_photo:
            raise bad_request("can't use file of type Photo as Document")
        return _as_document(kept)

    def taken(self, upload: Upload) -> Document:
        """The document a person hands over."""
        return _as_document(self._keep_document(upload))

    def _known(self, value: str) -> Kept:
        if value.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        kept = self._store.state.files.get(value)
        if kept is None:
            raise bad_request(_WRONG_ID)
        return kept

    def _keep_photo(self, upload: Upload) -> Kept:
        if len(upload.data) > _LARGEST_PHOTO:
            raise bad_request(
                f"file of size {len(upload.data)} bytes is too big for a photo; "
                f"the maximum size is {_LARGEST_PHOTO} bytes"
            )
        size = dimensions(upload.data)
        if size is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        width, height = size
        if not 0 < width + height <= 10_000 or max(size) > 20 * min(size):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
        return self._keep("photo", upload, media_type(upload.data), width, height)

    def _keep_document(self, upload: Upload) -> Kept:
        guessed = mimetypes.guess_type(upload.name)[0]
        return self._keep("document", upload, guessed or upload.mime, 0, 0)

    def _keep(self, kind: str, upload: Upload, mime: str, width: int, height: int) -> Kept:
        label = f"{kind}\0{upload.name if kind == 'document' else ''}\0".encode()
        unique_id = hashlib.sha256(label + upload.data).hexdigest()[:24]
        kept = Kept(
            file_id=f"{kind.upper()}-{unique_id}",
            unique_id=unique_id,
            name=upload.name,
            mime=mime,
            size=len(upload.data),
            width=width,
            height=height,
        )
        if kept.file_id not in self._store.state.files:
            self._write(unique_id, upload.data)
            self._store.commit(kept)
        return self._store.state.files[kept.file_id]

    def _write(self, unique_id: str, data: bytes) -> None:
        if self._folder is None:
            self._memory[unique_id] = data
            return
        fresh = self._folder / f"{unique_id}.new"
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fdatasync(file.fileno())
        fresh.rename(self._folder / unique_id)


def _as_document(kept: Kept) -> Document:
    return Document(
        file_id=kept.file_id,
        file_unique_id=kept.unique_id,
        file_name=kept.name,
        mime_type=kept.mime,
        file_size=kept.size,
    )


def _upload(params: Params, value: str, part: str) -> Upload | None:
    name = value.removeprefix("attach://") if value.startswith("attach://") else part
    upload = params.uploads.get(name)
    if upload is None and value.startswith("attach://"):
        raise bad_request(_WRONG_ID)
    if upload is None and not value:
        raise bad_request(f"there is no {part} in the request")
    if upload is not None and not upload.data:
        raise bad_request("file must be non-empty")
    return upload


def file_path(kept: Kept) -> str:
    """The path of a file under `/file/bot<token>/`."""
    return f"{'photos' if kept.is_photo else 'documents'}/{kept.file_id}"


def by_path(store: Store, path: str) -> Kept:
    """The file at a path that `getFile` gave."""
    kept = store.state.files.get(path.rpartition("/")[2])
    if kept is None or file_path(kept) != path:
        raise ApiError(404, "Not Found")
    return kept
