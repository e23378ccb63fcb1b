using System.Text.Json;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Api.Tenancy;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Devices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Api.Devices.Import;

/// <summary>Creates many devices with one request. Described with the route that creates one.</summary>
internal static class DeviceImportEndpoint
{
    public const string Ndjson = "application/x-ndjson";
    public const string Csv = "text/csv";
    private const long MaxBody = 64L * 1024 * 1024;
    private const int AtATime = 64;

    public static void MapDeviceImport(this IEndpointRouteBuilder devices) => devices.MapPost("", ImportAsync)
        .RequireAuthorization(Authorization.Operates).TakesQuery().ExcludeFromDescription()
        .WithMetadata(new AcceptsMetadata([Ndjson, Csv]), new RequestSizeLimitAttribute(MaxBody));

    /// <summary>
    /// Answers each line with a line, in their order and as it goes, so that a connection that breaks loses the tokens of at most
    /// one batch. One that is refused does not stop the others.
    /// </summary>
    internal static async Task ImportAsync(TenantScope scope, HttpContext http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var isCsv = http.Request.ContentType?.StartsWith(Csv, StringComparison.OrdinalIgnoreCase) == true;
        var devices = isCsv
            ? CsvDevices.ReadAsync(http.Request.Body, cancellationToken)
            : NdjsonDevices.ReadAsync(http.Request.BodyReader, cancellationToken);
        http.Response.ContentType = Ndjson;
        await foreach (var batch in devices.Chunk(AtATime).WithCancellation(cancellationToken))
        {
            // Of lines that name the same device the first one counts, so those go one after the other.
            var sameDevice = batch.GroupBy(device => device.Request?.Device);
            var answers = await Task.WhenAll(sameDevice.Select(lines => CreateInTurnAsync(lines, scope, caller, grains, cancellationToken)));
            foreach (var answer in answers.SelectMany(answered => answered).OrderBy(answered => answered.Line))
            {
                await JsonSerializer.SerializeAsync(http.Response.BodyWriter, answer, HttpJson.Default.DeviceImportLine, cancellationToken);
                await http.Response.BodyWriter.WriteAsync("\n"u8.ToArray(), cancellationToken);
            }

            await http.Response.BodyWriter.FlushAsync(cancellationToken);
        }
    }

    private static async Task<List<DeviceImportLine>> CreateInTurnAsync(
        IEnumerable<ImportedDevice> devices, TenantScope scope, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var answers = new List<DeviceImportLine>();
        foreach (var device in devices)
        {
            answers.Add(await CreateAsync(device, scope, caller, grains, cancellationToken));
        }

        return answers;
    }

    private static async Task<DeviceImportLine> CreateAsync(
        ImportedDevice device, TenantScope scope, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (device.Request is not { } request)
        {
            return new DeviceImportLine { Line = device.Line, Problem = device.Problem?.ToDocument() };
        }

        try
        {
            var (token, outcome) = await DeviceCreation.CreateAsync(request, scope.Id, caller.Actor, grains, cancellationToken);
            var isCreated = outcome.Value is not null;
            return new DeviceImportLine
            {
                Line = device.Line,
                Device = request.Device,
                DeviceToken = isCreated ? token : null,
                Problem = outcome.Problem?.ToDocument(),
            };
        }
        catch (Exception e) when (UnexpectedFailures.IsOutage(e) && !cancellationToken.IsCancellationRequested)
        {
            return new DeviceImportLine { Line = device.Line, Device = request.Device, Problem = ApiProblems.Unavailable.ToDocument() };
        }
    }
}
