using System.Net.Sockets;
using MdmOrleans.Storage.GroupCommit;
using Npgsql;

namespace MdmOrleans.Storage.Postgres;

/// <summary>What an error of PostgreSQL, or of the way there, says of a batch.</summary>
internal static class PostgresFaults
{
    public static BatchFault Classify(Exception exception) => exception switch
    {
        PostgresException e => Classify(e.SqlState),
        NpgsqlException { IsTransient: true } => BatchFault.Transient,
        NpgsqlException { InnerException: IOException or SocketException or TimeoutException } => BatchFault.Transient,
        IOException or SocketException => BatchFault.Transient,
        ObjectDisposedException => BatchFault.Broken,
        _ => BatchFault.Poisoned, // a value that could not even be written to the wire
    };

    /// <summary>An answer for somebody who asks alone, or the sentence that the database is away.</summary>
    /// <remarks>
    /// Asked twice, on a new connection: after a restart of the server every idle connection is dead, and finds out by failing.
    /// </remarks>
    public static async Task<T> AskAsync<T>(NpgsqlDataSource source, string store, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (Classify(e) is BatchFault.Transient)
        {
            source.Clear();
        }

        return await OrAwayAsync(store, ask);
    }

    /// <summary>As <see cref="AskAsync"/>, for what must not be done twice.</summary>
    public static async Task<T> OrAwayAsync<T>(string store, Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception e) when (Classify(e) is BatchFault.Transient)
        {
            throw Unavailable.Away(store, e);
        }
    }

    /// <summary>By the class of the code: https://www.postgresql.org/docs/current/errcodes-appendix.html.</summary>
    private static BatchFault Classify(string code) => code[..2] switch
    {
        "22" or "23" or "54" => BatchFault.Poisoned, // data, constraints, limits of a row
        "08" or "40" or "53" or "57" or "58" => BatchFault.Transient, // connection, rollback, resources, operator, system
        "25" => BatchFault.Transient, // a standby that has not been promoted yet
        "55" => BatchFault.Transient, // locked by somebody
        _ => BatchFault.Broken,
    };
}
