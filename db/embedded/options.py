"""How the server is set: for one service on an idle laptop, and for never losing a row."""

from pathlib import Path

PORT = 5432

_ALWAYS = {
    # Reachable through one socket in a folder only this user may enter.
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "40",
    # Memory and processes of an idle laptop.
    "shared_buffers": "32MB",
    "huge_pages": "off",
    "jit": "off",
    "max_worker_processes": "2",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "max_logical_replication_workers": "0",
    "autovacuum_max_workers": "1",
    "autovacuum_naptime": "5min",
    # The write-ahead log: no replicas, bounded size, a short checkpoint at the end.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "min_wal_size": "32MB",
    "max_wal_size": "128MB",
    "checkpoint_timeout": "5min",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A file a weekday, the oldest overwritten. A failed statement is the service's to log.
    "logging_collector": "on",
    "log_filename": "server-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_file_mode": "0600",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
    "log_autovacuum_min_duration": "-1",
}
# PostgreSQL 18 starts three reading processes otherwise.
_SINCE_18 = {"io_method": "sync"}
# Even for tests a commit reaches the operating system: a killed server loses no row.
_VOLATILE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "on"}
_DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


def server_options(*, major: int, fsync: bool, sockets: Path, log: Path, access: Path) -> list[str]:
    """The `-c name=value` arguments for a server of version `major`."""
    settings = _ALWAYS | (_DURABLE if fsync else _VOLATILE) | (_SINCE_18 if major >= 18 else {})
    settings |= {
        "unix_socket_directories": str(sockets),
        "log_directory": str(log),
        "hba_file": str(access),
    }
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
