using System.Data.Common;

namespace MdmOrleans.Storage;

/// <summary>What Orleans' ADO.NET providers have to be told: copy the three members into the options of each provider.</summary>
/// <param name="Invariant">The name by which the providers load the driver.</param>
/// <param name="DataSource">The process's own connections; null where there is a connection string.</param>
/// <param name="ConnectionString">Null where there is a data source: the providers take exactly one of the two.</param>
public sealed record OrleansDatabase(string Invariant, DbDataSource? DataSource, string? ConnectionString);
