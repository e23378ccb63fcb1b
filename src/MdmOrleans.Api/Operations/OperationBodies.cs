using System.Collections.Immutable;
using System.Diagnostics;
using MdmOrleans.Api.Commands;
using MdmOrleans.Api.Devices;
using MdmOrleans.Api.Problems;
using MdmOrleans.Contracts.Http.Commands;
using MdmOrleans.Contracts.Http.Operations;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Operations;

namespace MdmOrleans.Api.Operations;

/// <summary>From the request to what an operation is asked, or the places where it is wrong.</summary>
internal static class OperationBodies
{
    private const int MaxDevices = 500;

    public static Outcome<OperationRequest> Read(this BulkCommandRequest request, TenantId tenant, string actor)
    {
        var command = new QueueCommandRequest
        {
            Kind = request.Kind,
            Parameters = request.Parameters,
            ExpiresInSeconds = request.ExpiresInSeconds,
            InPatchWindow = request.InPatchWindow,
        }.Read(idempotencyKey: null, actor);
        if (command.Problem is { Kind: not ProblemKind.Invalid } tooLarge)
        {
            return tooLarge;
        }

        var errors = (command.Problem?.Errors ?? []).ToBuilder();
        var filter = Read(request.Filter, tenant, errors);
        var waves = WaveRules.Read(request.Waves ?? WaveRules.Default);
        if (waves is null)
        {
            errors.Add(new ProblemError("/waves", $"must be 1 to {WaveRules.MaxWaves} whole numbers from 1 to 100 that ascend, with the 100"));
        }

        CheckNumbers(request.RatePerSecond, request.MaxFailurePercent, errors);
        return errors.Count > 0 ? ApiProblems.InvalidBody(errors.DrainToImmutable()) : new OperationRequest
        {
            Command = command.Value!, // it had no problem
            Filter = filter,
            RatePerSecond = request.RatePerSecond ?? OperationRequest.DefaultRatePerSecond,
            Waves = waves ?? [],
            MaxFailurePercent = request.MaxFailurePercent,
        };
    }

    public static Outcome<OperationChange> Read(this OperationPatch patch)
    {
        var errors = ImmutableArray.CreateBuilder<ProblemError>();
        CheckNumbers(patch.RatePerSecond, patch.MaxFailurePercent, errors);
        var rate = patch.MentionsRate ? patch.RatePerSecond ?? OperationRequest.DefaultRatePerSecond : (int?)null;
        return errors.Count > 0
            ? ApiProblems.InvalidBody(errors.DrainToImmutable())
            : new OperationChange(rate, patch.MentionsMaxFailure, patch.MaxFailurePercent);
    }

    private static DeviceFilter Read(DeviceFilterBody filter, TenantId tenant, ImmutableArray<ProblemError>.Builder errors)
    {
        if (filter.Devices is { Count: 0 or > MaxDevices })
        {
            errors.Add(new ProblemError("/filter/devices", $"must be 1 to {MaxDevices} names"));
        }

        foreach (var (i, name) in (filter.Devices ?? []).Index())
        {
            if (!DeviceId.TryCreate(tenant.Name, name, out _))
            {
                errors.Add(new ProblemError($"/filter/devices/{i}", "is not the name of a device"));
            }
        }

        var reader = new DeviceFilterReader(name => Member(filter, name), (name, detail) => errors.Add(new ProblemError($"/filter/{name}", detail)));
        return reader.Read() with { Names = filter.Devices is { } names ? [.. names.Distinct()] : default };
    }

    private static string? Member(DeviceFilterBody filter, string name) => name switch
    {
        "lifecycle" => filter.Lifecycle,
        "compliance" => filter.Compliance,
        "access" => filter.Access,
        "platform" => filter.Platform,
        "label" => filter.Label,
        "serial" => filter.Serial,
        "notSeenSince" => filter.NotSeenSince,
        "model" => filter.Model,
        "owner" => filter.Owner,
        "app" => filter.App,
        "rule" => filter.Rule,
        "osVersion" => filter.OsVersion,
        _ => throw new UnreachableException($"Filters have no member '{name}'"),
    };

    private static void CheckNumbers(int? rate, double? maxFailure, ImmutableArray<ProblemError>.Builder errors)
    {
        if (rate is < 1 or > OperationRequest.MaxRatePerSecond)
        {
            errors.Add(new ProblemError("/ratePerSecond", $"must be 1 to {OperationRequest.MaxRatePerSecond}"));
        }

        if (maxFailure is < 0 or > 100)
        {
            errors.Add(new ProblemError("/maxFailurePercent", "must be 0 to 100"));
        }
    }
}
