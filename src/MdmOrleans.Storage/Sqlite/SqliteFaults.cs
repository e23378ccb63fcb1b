using MdmOrleans.Core;
using MdmOrleans.Storage.GroupCommit;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MdmOrleans.Storage.Sqlite;

/// <summary>What an error of SQLite says of a batch.</summary>
internal static class SqliteFaults
{
    public static BatchFault Classify(Exception exception) => exception switch
    {
        SqliteException e => Classify(e.SqliteErrorCode),
        StorageUnavailableException => BatchFault.Transient, // the writer's queue is full
        ObjectDisposedException => BatchFault.Broken,
        _ => BatchFault.Poisoned,
    };

    private static BatchFault Classify(int code) => code switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => BatchFault.Transient, // somebody else has the file
        raw.SQLITE_IOERR or raw.SQLITE_FULL or raw.SQLITE_CANTOPEN or raw.SQLITE_NOMEM => BatchFault.Transient, // the machine
        raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH => BatchFault.Poisoned,
        _ => BatchFault.Broken,
    };
}
