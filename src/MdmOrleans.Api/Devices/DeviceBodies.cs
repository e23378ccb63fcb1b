using System.Collections.Immutable;
using MdmOrleans.Abstractions;
using MdmOrleans.Api.Requests;
using MdmOrleans.Contracts.Http.Devices;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Api.Devices;

/// <summary>Bodies of requests to what the twin is asked, or the places where they are wrong.</summary>
internal static class DeviceBodies
{
    public const int MaxSerial = 128;
    public const int MaxOwner = 256;
    private const int MaxLabelValue = 256;

    private const string NotALabel = "is not a label: names are spelled like those of devices, values have at most 256 characters";

    public static ImmutableArray<ProblemError> Read(
        this DeviceRequest request, TenantId tenant, SecretHash token, string actor, out DeviceId id, out CreateDevice create)
    {
        var errors = ImmutableArray.CreateBuilder<ProblemError>();
        if (!DeviceId.TryCreate(tenant.Name, request.Device, out id))
        {
            errors.Add(new ProblemError("/device", "must be 1 to 64 letters, digits, dots, underscores and hyphens, starting with a letter or a digit"));
        }

        var platform = WireNames.ToPlatform(request.Platform);
        if (request.Platform is not null && platform is null)
        {
            errors.Add(new ProblemError("/platform", "must be android, ios, ipados, macos, windows, linux or other"));
        }

        if (request.Serial is not (null or { Length: >= 1 and <= MaxSerial }))
        {
            errors.Add(new ProblemError("/serial", "must be 1 to 128 characters"));
        }

        foreach (var (name, value) in request.Labels ?? ImmutableSortedDictionary<string, string>.Empty)
        {
            CheckLabel(name, value, mayBeNull: false, errors);
        }

        create = new CreateDevice
        {
            Token = token,
            Actor = actor,
            Platform = platform,
            Serial = request.Serial,
            Labels = errors.Count > 0 || request.Labels is null
                ? ImmutableSortedDictionary<string, string>.Empty
                : request.Labels.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Policy = request.Policy,
        };
        return errors.DrainToImmutable();
    }

    public static ImmutableArray<ProblemError> Read(this DevicePatch request, string actor, long? expectedVersion, out PatchDevice patch)
    {
        var errors = ImmutableArray.CreateBuilder<ProblemError>();
        foreach (var (name, value) in request.Labels ?? ImmutableSortedDictionary<string, string?>.Empty)
        {
            CheckLabel(name, value, mayBeNull: true, errors);
        }

        if (request.Owner is not (null or { Length: >= 1 and <= MaxOwner }))
        {
            errors.Add(new ProblemError("/owner", $"must be 1 to {MaxOwner} characters, or null"));
        }

        patch = new PatchDevice
        {
            Actor = actor,
            ExpectedVersion = expectedVersion,
            Labels = request.Labels?.ToImmutableSortedDictionary(StringComparer.Ordinal),
            ClearLabels = request is { MentionsLabels: true, Labels: null },
            ChangesPolicy = request.MentionsPolicy,
            Policy = request.Policy,
            ChangesOwner = request.MentionsOwner,
            Owner = request.Owner,
        };
        return errors.DrainToImmutable();
    }

    /// <summary>Spelled like devices, so that a filter can name it without escapes.</summary>
    public static bool IsLabelName(string name) => AccessKey.IsName(name);

    private static void CheckLabel(string name, string? value, bool mayBeNull, ImmutableArray<ProblemError>.Builder errors)
    {
        if (!IsLabelName(name) || (value is null ? !mayBeNull : value.Length > MaxLabelValue))
        {
            errors.Add(new ProblemError(JsonPointer.Below("/labels", name), NotALabel));
        }
    }
}
