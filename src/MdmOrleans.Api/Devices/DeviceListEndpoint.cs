using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Api.Tenancy;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Devices;
using MdmOrleans.Core;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MdmOrleans.Api.Devices;

internal static class DeviceListEndpoint
{
    public static readonly string[] QueryNames =
        ["limit", "after", "lifecycle", "compliance", "access", "platform", "label", "serial", "notSeenSince"];

    /// <summary>Lists devices</summary>
    /// <remarks>By name, as the database has them: what is a moment old may not be in it. Several filters must all hold.</remarks>
    public static async Task<Results<Ok<Page<TwinBody>>, ProblemResult>> ListAsync(
        TenantScope scope, HttpRequest http, IDeviceQueries queries, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http);
        var limit = query.Limit();
        var after = query.Text("after", text => DeviceId.TryCreate(scope.Id.Name, text, out _), "is not the name of a device.");
        var filter = ReadFilter(query);
        if (query.Problem is { } problem)
        {
            return problem.ToHttp();
        }

        var devices = await queries.ListAsync(scope.Id, filter, after, limit, cancellationToken);

        // A full page is the last one when nothing stands behind it; one row more tells, so that 'next' never leads nowhere.
        var last = devices.Length == limit ? devices[^1].Id.Name : null;
        var next = last is not null && (await queries.ListAsync(scope.Id, filter, last, 1, cancellationToken)).IsEmpty ? null : last;
        var connected = await grains.AreConnectedAsync(devices, cancellationToken);
        return TypedResults.Ok(new Page<TwinBody>([.. devices.Zip(connected, TwinWire.ToBody)], next));
    }

    private static DeviceFilter ReadFilter(QueryReader query) => new()
    {
        Lifecycle = query.Choice<LifecycleState>("lifecycle", WireNames.ToWire),
        Compliance = query.Choice<ComplianceStatus>("compliance", WireNames.ToWire),
        Access = query.Choice<AccessLevel>("access", WireNames.ToWire),
        Platform = query.Choice<Platform>("platform", WireNames.ToWire),
        Label = ReadLabel(query.Text("label", IsLabel, "must be the name of a label, or name=value.")),
        Serial = query.Text("serial", IsSerial, "must be 1 to 128 characters."),
        NotSeenSince = query.Instant("notSeenSince"),
    };

    public static bool IsSerial(string text) => text.Length is >= 1 and <= DeviceBodies.MaxSerial && !text.Contains('\0');

    public static bool IsLabel(string text) => !text.Contains('\0') && DeviceBodies.IsLabelName(text.Split('=', 2)[0]);

    public static KeyValuePair<string, string?>? ReadLabel(string? text) =>
        text?.Split('=', 2) is [var name, .. var value] ? new KeyValuePair<string, string?>(name, value is [var only] ? only : null) : null;
}
