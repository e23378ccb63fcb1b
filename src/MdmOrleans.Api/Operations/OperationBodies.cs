using System.Collections.Immutable;
using MdmOrleans.Api.Commands;
using MdmOrleans.Api.Devices;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Contracts.Http.Commands;
using MdmOrleans.Contracts.Http.Operations;
using MdmOrleans.Core;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;
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
        Check(filter.Serial is null || DeviceListEndpoint.IsSerial(filter.Serial), "/filter/serial", "must be 1 to 128 characters");
        Check(filter.Label is null || DeviceListEndpoint.IsLabel(filter.Label), "/filter/label", "must be the name of a label, or name=value");
        Check(filter.Devices is null or { Count: >= 1 and <= MaxDevices }, "/filter/devices", $"must be 1 to {MaxDevices} names");
        foreach (var (i, name) in (filter.Devices ?? []).Index())
        {
            Check(DeviceId.TryCreate(tenant.Name, name, out _), $"/filter/devices/{i}", "is not the name of a device");
        }

        DateTimeOffset since = default;
        Check(
            filter.NotSeenSince is not { } text || WireName.TryReadInstant(text, out since),
            "/filter/notSeenSince",
            "must be an RFC 3339 instant, e.g. 2026-11-24T03:00:00Z");
        return new DeviceFilter
        {
            Lifecycle = Choice<LifecycleState>(filter.Lifecycle, WireNames.ToWire, "/filter/lifecycle"),
            Compliance = Choice<ComplianceStatus>(filter.Compliance, WireNames.ToWire, "/filter/compliance"),
            Access = Choice<AccessLevel>(filter.Access, WireNames.ToWire, "/filter/access"),
            Platform = Choice<Platform>(filter.Platform, WireNames.ToWire, "/filter/platform"),
            Label = DeviceListEndpoint.ReadLabel(filter.Label),
            Serial = filter.Serial,
            NotSeenSince = filter.NotSeenSince is null ? null : since,
            Names = filter.Devices is { } names ? [.. names.Distinct()] : default,
        };

        void Check(bool isValid, string pointer, string detail)
        {
            if (!isValid)
            {
                errors.Add(new ProblemError(pointer, detail));
            }
        }

        T? Choice<T>(string? text, Func<T, string> toWire, string pointer)
            where T : struct, Enum
        {
            var choice = WireName.Read(text, toWire);
            Check(text is null || choice is not null, pointer, $"must be one of {string.Join(", ", Enum.GetValues<T>().Select(toWire))}");
            return choice;
        }
    }

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
