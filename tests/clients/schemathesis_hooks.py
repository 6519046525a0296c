"""What schemathesis is told beside the description: bytes of uploads are bytes."""
import schemathesis

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
