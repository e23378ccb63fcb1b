using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using MdmOrleans.Api.Bodies;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Core;
using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Api.Tenancy;

/// <summary>A patch of a tenant becomes the request that replaces the tenant by what the patch makes of it.</summary>
internal static class TenantMerge
{
    /// <returns>Null when it is a patch of a tenant.</returns>
    public static Problem? Check(Utf8Block patch) => BodyReader.Check(patch.Span.ToArray(), HttpJson.Default.TenantPatch);

    public static bool TryMerge(
        Tenant before, Utf8Block patch, [NotNullWhen(true)] out TenantWrite? write, [NotNullWhen(false)] out Problem? problem)
    {
        var merged = MergePatch.Apply(JsonSerializer.SerializeToUtf8Bytes(before.ToBody(), HttpJson.Default.TenantBody), patch.Span);
        problem = BodyReader.Check(merged, HttpJson.Default.TenantRequest);
        write = problem is null && JsonSerializer.Deserialize(merged, HttpJson.Default.TenantRequest) is { } request
            ? new TenantWrite(request, before.Version, KeepsGovernor: !MergePatch.Mentions(patch.Span, "governor"), KeepsPolicyInUse: false)
            : null;
        return write is not null;
    }
}
