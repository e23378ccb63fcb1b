namespace MdmOrleans.Core.Lifecycle;

[GenerateSerializer, Alias("mdm.LifecycleState")]
public enum LifecycleState
{
    /// <summary>Known, and never heard of.</summary>
    Provisioned,
    Active,

    /// <summary>Still connects and checks in, so that it can heal.</summary>
    Quarantined,

    /// <summary>Final.</summary>
    Retired,
}

/// <summary>Why a device is quarantined; several at once.</summary>
[Flags]
[GenerateSerializer, Alias("mdm.QuarantineReasons")]
public enum QuarantineReasons
{
    None = 0,

    /// <summary>Past its grace. Lifted only by becoming compliant.</summary>
    Noncompliant = 1,
    Lost = 2,
    Stolen = 4,
    IdentityRevoked = 8,
    Operator = 16,

    /// <summary>Lifted only by enrolling again.</summary>
    Wiped = 32,
}
