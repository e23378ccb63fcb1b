using System.Diagnostics.CodeAnalysis;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Operations;

/// <summary>Names one operation of one tenant, e.g. <c>acme/0193…</c>.</summary>
[GenerateSerializer, Immutable, Alias("mdm.OperationId")]
public readonly record struct OperationId([property: Id(0)] TenantId Tenant, [property: Id(1)] Guid Value)
{
    /// <summary>False, and no exception, for what is no id.</summary>
    public static bool TryCreate(TenantId tenant, [NotNullWhen(true)] string? text, out OperationId id)
    {
        id = Guid.TryParseExact(text, "D", out var value) ? new OperationId(tenant, value) : default;
        return id.Tenant.Name is not null;
    }

    /// <summary>For text that we wrote ourselves.</summary>
    /// <exception cref="FormatException">It is not the id of an operation.</exception>
    public static OperationId Parse(string text) =>
        text.Split('/') is [var tenant, var value] && TryCreate(TenantId.Parse(tenant), value, out var id)
            ? id
            : throw new FormatException($"'{text}' is not the id of an operation");

    /// <summary>The grain key.</summary>
    public override string ToString() => $"{Tenant}/{Value:D}";

    /// <summary>The grain key of a part of it.</summary>
    public string Slice(int number) => FormattableString.Invariant($"{this}/{number}");
}
