namespace MdmOrleans.Contracts.Http.Clocks;

/// <summary>The clocks of the servers that answered.</summary>
public sealed record ClocksBody(IReadOnlyList<ClockBody> Servers);

/// <param name="Server">Its address and generation in the cluster, e.g. <c>10.0.0.1:11111@123456789</c>.</param>
/// <param name="SystemTime">What its own clock says.</param>
/// <param name="Time">By what it works.</param>
/// <param name="Doubt">Why its clock is still not believed; absent where it is.</param>
public sealed record ClockBody(string Server, DateTimeOffset SystemTime, DateTimeOffset Time, string? Doubt);
