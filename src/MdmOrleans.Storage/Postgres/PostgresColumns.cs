using Npgsql;
using NpgsqlTypes;

namespace MdmOrleans.Storage.Postgres;

/// <summary>Parameters that are columns of a batch.</summary>
internal static class PostgresColumns
{
    /// <summary>Adds an array: what <paramref name="select"/> makes of each item.</summary>
    public static void AddColumn<TItem, T>(this NpgsqlCommand command, NpgsqlDbType type, ReadOnlySpan<TItem> items, Func<TItem, T> select)
    {
        var values = new T[items.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = select(items[i]);
        }

        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type });
    }
}
